package dev.weir.runtime.junit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/// Runs a test method in a [Bubble]: what waits for time does so in an instant, a deadlock is an
/// error, and so are threads that the test leaves behind. On a class: each of its test methods.
///
/// Only the test method itself is in the bubble, not the methods before and after it.
///
/// {@snippet file="BubbleExampleTest.java" region="annotation"}
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(VirtualTimeExtension.class)
public @interface VirtualTime {
    /// How long the bubble waits, in milliseconds of real time, for something outside of it.
    long patienceMillis() default 30_000;
}
