package dev.weir.node.store;

import java.time.Instant;

/// One stored value.
///
/// @param value a `Double`, `Long` or `String`; booleans are 0 and 1
public record Sample(String device, Instant time, Object value) {}
