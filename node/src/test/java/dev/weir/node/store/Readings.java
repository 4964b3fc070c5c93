package dev.weir.node.store;

import dev.weir.engine.Reading;
import dev.weir.engine.Schema;
import dev.weir.runtime.Lane;
import java.time.Instant;

/// Makes readings for tests.
final class Readings {
    private Readings() {}

    static long nanos(String time) {
        return Times.nanos(Instant.parse(time));
    }

    /// A reading that arrived when it happened.
    static Reading at(Schema schema, String device, String time, long sequence, Object... namesAndValues) {
        return at(schema, device, nanos(time), nanos(time), sequence, namesAndValues);
    }

    static Reading at(Schema schema, String device, long time, long received, long sequence, Object... namesAndValues) {
        Reading reading = new Reading(schema, device, time, received, "src", 1, sequence, Lane.SAMPLE);
        return filled(reading, namesAndValues);
    }

    /// The result of a window.
    static Reading window(Schema schema, String device, long start, long received, Object... namesAndValues) {
        Reading reading =
                new Reading(schema, device, start, received, schema.stream(), received % 7, start, Lane.SAMPLE);
        return filled(reading, namesAndValues);
    }

    private static Reading filled(Reading reading, Object... namesAndValues) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            int slot = reading.schema().slotFor((String) namesAndValues[i]);
            switch (namesAndValues[i + 1]) {
                case Double value -> reading.set(slot, value);
                case Integer value -> reading.set(slot, value.longValue());
                case Boolean value -> reading.set(slot, value);
                case Object value -> reading.set(slot, value.toString());
            }
        }
        return reading;
    }
}
