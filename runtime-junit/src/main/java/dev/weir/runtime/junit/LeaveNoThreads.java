package dev.weir.runtime.junit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/// Fails a test that leaves virtual threads of the library's schedulers behind, as Go's `goleak`
/// does; see [LeftThreads] for which. On a class: each of its test methods.
///
/// A test under [VirtualTime] or [Interleaved] needs it not: a bubble leaves no threads.
///
/// {@snippet file="LeftThreadsExampleTest.java" region="annotation"}
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(LeaveNoThreadsExtension.class)
public @interface LeaveNoThreads {
    /// How long threads that are about to end are given, in milliseconds.
    long patienceMillis() default 2_000;

    /// Names of threads that may stay; a `*` at the end stands for anything.
    String[] except() default {};
}
