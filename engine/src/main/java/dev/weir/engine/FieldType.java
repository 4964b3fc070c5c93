package dev.weir.engine;

import java.util.Locale;

/// What a field holds.
public enum FieldType {
    DOUBLE,
    LONG,
    BOOLEAN,
    STRING;

    /// The word in the config: `double`, `long`, `boolean`, `string`.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
