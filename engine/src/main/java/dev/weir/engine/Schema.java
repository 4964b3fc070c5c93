package dev.weir.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The fields of a stream and the slots they lie in. A slot, once given, never changes, so that
/// whoever resolved a name when the config was loaded reads by index from then on.
///
/// Fields that the config names are declared before the first reading; what devices send beyond
/// that gets a slot when it
/// is first seen, up to [#MAX_FIELDS].
///
/// Thread-safe: readers see an immutable snapshot, adding a field replaces it.
public final class Schema {
    /// How many fields a stream may have. What is beyond is not kept, and counted.
    public static final int MAX_FIELDS = 256;

    /// The answer for a name without a slot.
    public static final int NONE = -1;

    private final String stream;
    private volatile Snapshot snapshot = new Snapshot(List.of(), Map.of());

    private record Snapshot(List<Field> fields, Map<String, Integer> slots) {}

    /// A field of a stream.
    ///
    /// @param name as in the payload
    /// @param type what the config declares it to be; null for a field that is typed when seen
    /// @param unit as declared, or null
    public record Field(
            String name, @Nullable FieldType type, @Nullable String unit) {}

    public Schema(String stream) {
        this.stream = stream;
    }

    /// The stream's name: what the store calls the view, and `on:` and `from:` name.
    public String stream() {
        return stream;
    }

    /// How many slots there are now.
    public int size() {
        return snapshot.fields.size();
    }

    /// The fields by slot, as of now.
    public List<Field> fields() {
        return snapshot.fields;
    }

    /// The slot of a field, or [#NONE].
    public int slot(String name) {
        Integer slot = snapshot.slots.get(name);
        return slot == null ? NONE : slot;
    }

    /// The slot of a field, given now if it has none; [#NONE] when the stream has [#MAX_FIELDS]
    /// already.
    public int slotFor(String name) {
        int slot = slot(name);
        return slot != NONE ? slot : add(new Field(name, null, null));
    }

    /// Declares a field before the first reading.
    ///
    /// @throws IllegalStateException if there is no room, or the name is declared already
    public int declare(Field field) {
        synchronized (this) {
            if (slot(field.name()) != NONE) {
                throw new IllegalStateException("field '" + field.name() + "' of " + stream + " is declared already");
            }
            int slot = add(field);
            if (slot == NONE) {
                throw new IllegalStateException("stream " + stream + " has " + MAX_FIELDS + " fields already");
            }
            return slot;
        }
    }

    private synchronized int add(Field field) {
        Snapshot old = snapshot;
        Integer known = old.slots.get(field.name());
        if (known != null) {
            return known;
        }
        if (old.fields.size() >= MAX_FIELDS) {
            return NONE;
        }
        List<Field> fields = new ArrayList<>(old.fields);
        Map<String, Integer> slots = new HashMap<>(old.slots);
        fields.add(field);
        slots.put(field.name(), fields.size() - 1);
        snapshot = new Snapshot(List.copyOf(fields), slots);
        return fields.size() - 1;
    }
}
