package dev.weir.node.store;

import java.time.Instant;
import java.util.List;

/// Which values of a stream to look at.
///
/// @param stream its name
/// @param field whose values
/// @param devices of which devices; empty for all
/// @param from the first moment that belongs to it
/// @param to the first moment that does not
public record Range(String stream, String field, List<String> devices, Instant from, Instant to) {
    public Range {
        devices = List.copyOf(devices);
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException("'from' must be before 'to', but was " + from + " and " + to);
        }
    }
}
