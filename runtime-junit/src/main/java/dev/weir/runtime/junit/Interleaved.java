package dev.weir.runtime.junit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/// Runs a test method under many schedules, as [Interleavings] does: if one of them makes it fail,
/// the message tells the seed that replays it.
///
/// {@snippet file="InterleavingsExampleTest.java" region="annotation"}
///
/// Each schedule has an instance of the test class of its own, made by its constructor without
/// parameters, on which the methods `@BeforeEach` and `@AfterEach` are run too; other extensions
/// are not. The classes of the test's package are loaded anew and rewritten, so that threads are
/// switched between accesses to plain fields as well; static fields keep their values from
/// schedule to schedule. Threads have to be virtual ones.
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(InterleavedExtension.class)
public @interface Interleaved {
    /// How many schedules; the system property `weir.schedules` overrides it.
    int schedules() default 1000;

    /// Replays one schedule: the seed from a failure. 0 runs all of them. The system property
    /// `weir.seed` overrides it.
    long seed() default 0;

    /// Further packages that are loaded anew and rewritten, beside that of the test; their exact
    /// names.
    String[] rewrite() default {};

    /// Whether to rewrite at all. Without it threads are switched at operations of the library
    /// only.
    boolean plainFields() default true;
}
