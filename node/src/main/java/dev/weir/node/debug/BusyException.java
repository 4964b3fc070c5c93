package dev.weir.node.debug;

import java.time.Duration;

/// Somebody records already.
public final class BusyException extends Exception {
    private static final long serialVersionUID = 1;

    /// How long that one takes still.
    private final Duration left;

    BusyException(Duration left) {
        super(
                "somebody records already, for another " + Math.max(1, left.toSeconds()) + " s; one at a time may",
                null,
                false,
                false);
        this.left = left;
    }

    /// After which time it is worth another try.
    public Duration left() {
        return left;
    }
}
