package dev.weir.connect.mqtt;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Which normative statements of the standard a test stands behind: `3.1.0-1` is what the text
/// calls MQTT-3.1.0-1. The two versions number their statements differently, so each has its own
/// list. [ConformanceDocTest] makes docs/mqtt-conformance.md of them.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Normative {
    /// Statements of MQTT 3.1.1.
    String[] v3() default {};

    /// Statements of MQTT 5.0.
    String[] v5() default {};
}
