package dev.weir.connect.system;

import java.util.Arrays;
import java.util.Locale;

/// What can be measured, and how far it may move before it is news.
enum Metric {
    CPU("2"),
    LOAD("0.2"),
    MEMORY("2%"),
    DISK("1%"),
    TEMPERATURE("1"),
    NETWORK("20%"),
    PROCESS("10%");

    private final String deadband;

    Metric(String deadband) {
        this.deadband = deadband;
    }

    /// As the config and addresses call it.
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Unless the config says otherwise.
    Deadband deadband() {
        return Deadband.parse(deadband);
    }

    static String[] words() {
        return Arrays.stream(values()).map(Metric::word).toArray(String[]::new);
    }

    static Metric of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
