package dev.weir.engine.rule;

import java.util.Locale;

/// How bad an alarm is, the mildest first.
public enum Severity {
    /// Worth knowing.
    INFO,
    /// Look at it some time.
    LOW,
    /// Look at it today.
    MEDIUM,
    /// Look at it now.
    HIGH,
    /// Act now.
    CRITICAL;

    /// The word in the config and the store.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Severity of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
