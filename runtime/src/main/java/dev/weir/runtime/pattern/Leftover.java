package dev.weir.runtime.pattern;

import java.util.List;

/// What a pool had not done when it ended.
///
/// @param <T> the type of the elements
/// @param queued elements that no worker had begun, in order
/// @param underWay elements whose handlers had not returned, and which may still be worked on
public record Leftover<T>(List<T> queued, List<T> underWay) {
    /// Copies the lists.
    public Leftover {
        queued = List.copyOf(queued);
        underWay = List.copyOf(underWay);
    }

    /// Whether everything was done.
    public boolean isEmpty() {
        return queued.isEmpty() && underWay.isEmpty();
    }
}
