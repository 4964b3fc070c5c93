package dev.weir.engine.decode;

import java.util.Locale;

/// What a number counts that says how long after 1970 something happened.
enum EpochUnit {
    S(1_000_000_000L),
    MS(1_000_000L),
    US(1_000L),
    NS(1L);

    final long nanos;

    EpochUnit(long nanos) {
        this.nanos = nanos;
    }

    static EpochUnit of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    /// As it stands in the config.
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
