package dev.weir.engine.flow;

import java.util.Locale;

/// What becomes of a reading that finds a full queue.
public enum Overflow {
    /// The sender waits, and so, in the end, does the device.
    BLOCK,
    /// The reading that has waited longest is dropped and counted.
    DROP_OLDEST,
    /// The reading that came last is dropped and counted.
    DROP_NEWEST;

    /// The word in the config: `block`, `drop-oldest`, `drop-newest`.
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The policy of that word.
    ///
    /// @throws IllegalArgumentException if there is none
    public static Overflow of(String word) {
        for (Overflow overflow : values()) {
            if (overflow.word().equals(word)) {
                return overflow;
            }
        }
        throw new IllegalArgumentException(
                "overflow must be block, drop-oldest or drop-newest, but was '" + word + "'");
    }
}
