package dev.weir.engine.decode;

import dev.weir.engine.Meters;
import dev.weir.engine.Schema;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Where the values of a stream's payloads go: which name is the time, which the device, and what
/// becomes of the rest. Thread-safe.
final class Fields {
    static final int MAX_NAME = 64;

    /// How many names of a stream are remembered. A device that makes up names all the time is
    /// served without.
    private static final int MAX_REMEMBERED = 1024;

    final Schema schema;
    final EpochUnit unit;
    final LongAdder lists;
    final LongAdder names;
    final LongAdder excess;

    private final @Nullable String time;
    private final @Nullable String device;
    private final AtomicInteger remembered = new AtomicInteger();

    /// @param time the field with the event time, or null for the receive time
    /// @param unit what that field counts when it is a number
    /// @param device the field with the device, or null where the address says it
    Fields(Schema schema, @Nullable String time, EpochUnit unit, @Nullable String device, Meters meters) {
        this.schema = schema;
        this.time = time;
        this.unit = unit;
        this.device = device;
        this.lists = counter(meters, "list");
        this.names = counter(meters, "name");
        this.excess = counter(meters, "too-many");
    }

    private LongAdder counter(Meters meters, String reason) {
        return meters.counter(
                "weir_fields_not_kept",
                "Values of payloads that were left out of a reading, by reason",
                "pipeline",
                schema.stream(),
                "reason",
                reason);
    }

    /// Where values of that name go. Gives no slot yet.
    ///
    /// @throws DecodeException if the name is longer than [#MAX_NAME]
    Target target(String name) throws DecodeException {
        if (name.length() > MAX_NAME) {
            throw Fault.tooLarge("field name " + Fault.shown(name) + " has more than " + MAX_NAME + " characters");
        }
        return new Target(this, name, role(name));
    }

    /// Asks for room to remember one more name.
    boolean mayRemember() {
        return remembered.get() < MAX_REMEMBERED && remembered.incrementAndGet() <= MAX_REMEMBERED;
    }

    private Target.Role role(String name) {
        if (name.equals(time)) {
            return Target.Role.TIME;
        }
        if (name.equals(device)) {
            return Target.Role.DEVICE;
        }
        boolean unfit = name.isEmpty() || name.chars().anyMatch(Character::isISOControl);
        return unfit ? Target.Role.NONE : Target.Role.FIELD;
    }
}
