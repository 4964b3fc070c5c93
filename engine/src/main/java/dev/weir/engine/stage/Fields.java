package dev.weir.engine.stage;

import dev.weir.engine.Reading;
import dev.weir.engine.expression.Type;

/// Puts values of the expression language into fields.
final class Fields {
    private Fields() {}

    /// Sets a field to a value whose type shows only now.
    ///
    /// @throws StageException if a field cannot hold it
    static void set(Reading reading, int slot, Object value, String source) {
        switch (value) {
            case Double real -> reading.set(slot, real.doubleValue());
            case Long whole -> reading.set(slot, whole.longValue());
            case Boolean flag -> reading.set(slot, flag.booleanValue());
            case String text -> reading.set(slot, text);
            default ->
                throw new StageException(
                        "wrong-type",
                        "'" + source + "': a field holds a double, int, bool or string, but this is " + Type.of(value));
        }
    }
}
