package dev.weir.engine.decode;

import dev.weir.engine.FieldType;
import dev.weir.engine.Reading;
import dev.weir.engine.Schema;
import org.jspecify.annotations.Nullable;

/// Where the values of one name go: a slot, the reading's time, its device, or nowhere.
///
/// Any thread may use it. The slot is resolved at the first value, since a field that is always
/// null should not become a column; threads that do so at the same time find the same slot.
final class Target {
    private static final int UNRESOLVED = -2;
    private static final int MAX_DEVICE = 256;

    private final Fields fields;
    private final String name;
    private final Role role;

    /// Written by every thread that resolves it, always with the same values; `slot` last.
    private @Nullable FieldType declared;

    private volatile int slot = UNRESOLVED;

    enum Role {
        FIELD,
        TIME,
        DEVICE,
        NONE
    }

    Target(Fields fields, String name, Role role) {
        this.fields = fields;
        this.name = name;
        this.role = role;
    }

    Role role() {
        return role;
    }

    void real(Reading reading, double value) throws DecodeException {
        int to = slot();
        if (to < 0) {
            return;
        }
        FieldType type = declared;
        if (type == null || type == FieldType.DOUBLE) {
            if (!Double.isFinite(value)) {
                throw Fault.tooBig(name, String.valueOf(value));
            }
            reading.set(to, value);
        } else if (type == FieldType.LONG && value == Math.rint(value) && Math.abs(value) <= 0x1p53) {
            reading.set(to, (long) value);
        } else {
            throw Fault.wrongType(name, type, String.valueOf(value));
        }
    }

    void whole(Reading reading, long value) throws DecodeException {
        int to = slot();
        if (to < 0) {
            return;
        }
        FieldType type = declared;
        if (type == null || type == FieldType.DOUBLE) {
            reading.set(to, (double) value);
        } else if (type == FieldType.LONG) {
            reading.set(to, value);
        } else {
            throw Fault.wrongType(name, type, String.valueOf(value));
        }
    }

    void flag(Reading reading, boolean value) throws DecodeException {
        int to = slot();
        if (to < 0) {
            return;
        }
        FieldType type = declared;
        if (type != null && type != FieldType.BOOLEAN) {
            throw Fault.wrongType(name, type, String.valueOf(value));
        }
        reading.set(to, value);
    }

    void text(Reading reading, String value) throws DecodeException {
        int to = slot();
        if (to < 0) {
            return;
        }
        FieldType type = declared;
        if (type != null && type != FieldType.STRING) {
            throw Fault.wrongType(name, type, Fault.shown(value));
        }
        reading.set(to, value);
    }

    /// Takes a text from a format that knows nothing but text: a number if it reads as one.
    ///
    /// @param flags whether an undeclared `true` or `false` is a boolean
    void parse(Reading reading, String value, boolean flags) throws DecodeException {
        switch (role) {
            case TIME -> time(reading, Times.parse(value, fields.unit));
            case DEVICE -> device(reading, value);
            case FIELD, NONE -> parseField(reading, value, flags);
        }
    }

    private void parseField(Reading reading, String value, boolean flags) throws DecodeException {
        if (slot() < 0) {
            return;
        }
        FieldType type = declared;
        boolean isFlag = value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false");
        if (type == FieldType.LONG && Numbers.isLong(value)) {
            whole(reading, Long.parseLong(value));
        } else if (type != FieldType.STRING && Numbers.isNumber(value)) {
            real(reading, Double.parseDouble(value));
        } else if (isFlag && (type == FieldType.BOOLEAN || (type == null && flags))) {
            flag(reading, Boolean.parseBoolean(value));
        } else {
            text(reading, value);
        }
    }

    /// A value that cannot be kept: an object in a list, a list.
    void list() throws DecodeException {
        if (role != Role.FIELD) {
            throw Fault.malformed("field " + Fault.shown(name) + " must be a single value, but was a list");
        }
        int known = fields.schema.slot(name);
        FieldType type =
                known == Schema.NONE ? null : fields.schema.fields().get(known).type();
        if (type != null) {
            throw Fault.wrongType(name, type, "a list");
        }
        fields.lists.increment();
    }

    /// Refuses an object where a single value was declared.
    void object() throws DecodeException {
        int known = fields.schema.slot(name);
        FieldType type =
                known == Schema.NONE ? null : fields.schema.fields().get(known).type();
        if (type != null) {
            throw Fault.wrongType(name, type, "an object");
        }
    }

    static void time(Reading reading, long nanos) {
        reading.stamp(reading.device(), nanos);
    }

    static void device(Reading reading, String device) throws DecodeException {
        if (device.isEmpty() || device.length() > MAX_DEVICE || device.chars().anyMatch(Character::isISOControl)) {
            throw new DecodeException(
                    "bad-device",
                    "device must have 1 to " + MAX_DEVICE + " characters, none of them a control character, but was "
                            + Fault.shown(device));
        }
        reading.stamp(device, reading.time());
    }

    /// What every reading must have before it goes on.
    static Reading complete(Reading reading) throws DecodeException {
        if (reading.device().isEmpty()) {
            throw new DecodeException(
                    "no-device",
                    "nothing says which device sent this; put {device} into 'topic:', or name a field"
                            + " with 'device:'");
        }
        return reading;
    }

    /// The slot, or below zero where values are not kept, which is then counted.
    private int slot() {
        int known = slot;
        if (known == UNRESOLVED) {
            known = resolve();
        }
        if (known < 0) {
            (role == Role.NONE ? fields.names : fields.excess).increment();
        }
        return known;
    }

    private int resolve() {
        int resolved = role == Role.FIELD ? fields.schema.slotFor(name) : Schema.NONE;
        if (resolved >= 0) {
            declared = fields.schema.fields().get(resolved).type();
        }
        slot = resolved;
        return resolved;
    }
}
