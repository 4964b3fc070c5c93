package dev.weir.node.store;

import dev.weir.engine.FieldType;
import dev.weir.engine.Schema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A stream as it lies in the store: its fields and its tables. For the writing thread only.
final class StreamTables {
    private static final int UNMAPPED = -2;
    private static final int NO_ROOM = -1;

    final int id;
    final String name;
    final String view;
    final List<Column> fields = new ArrayList<>();
    final NavigableMap<Long, Period> onTime = new TreeMap<>();
    final NavigableMap<Long, Period> late = new TreeMap<>();

    /// The view does not show all fields and tables yet.
    boolean viewIsStale;

    private final Map<String, Integer> ids = new HashMap<>();
    private @Nullable Schema mapped;
    private int[] slots = {};

    /// A field. Its column in every table is `f` and its index here; `types` has a bit for each
    /// type that it was seen with, to tell a boolean from a number when reading back.
    record Column(String name, String title, int types) {
        /// What stands for a type in the store, for ever.
        static int bit(FieldType type) {
            return switch (type) {
                case DOUBLE -> 1;
                case LONG -> 2;
                case BOOLEAN -> 4;
                case STRING -> 8;
            };
        }
    }

    StreamTables(int id, String name, String view) {
        this.id = id;
        this.name = name;
        this.view = view;
    }

    void load(Column column) {
        ids.put(column.name(), fields.size());
        fields.add(column);
    }

    NavigableMap<Long, Period> periods(boolean lateOnes) {
        return lateOnes ? late : onTime;
    }

    /// The index of the field in a slot; [#NO_ROOM] when there are too many, [#UNMAPPED] when it is
    /// new.
    private int known(Schema schema, int slot) {
        if (schema != mapped) {
            mapped = schema;
            slots = new int[schema.size()];
            Arrays.fill(slots, UNMAPPED);
        }
        if (slot >= slots.length) {
            int length = slots.length;
            slots = Arrays.copyOf(slots, Math.max(slot + 1, schema.size()));
            Arrays.fill(slots, length, slots.length, UNMAPPED);
        }
        return slots[slot];
    }

    /// The index of the field in a slot, and `changed` told when it or its type is new here.
    ///
    /// @return a negative number when the stream has [Schema#MAX_FIELDS] already
    int field(Schema schema, int slot, FieldType type, Changed changed) throws java.sql.SQLException {
        int index = known(schema, slot);
        if (index == UNMAPPED) {
            index = add(schema.fields().get(slot).name());
            slots[slot] = index;
        }
        if (index == NO_ROOM) {
            return index;
        }
        Column column = fields.get(index);
        int bit = Column.bit(type);
        if ((column.types() & bit) == 0) {
            Column wider = new Column(column.name(), column.title(), column.types() | bit);
            fields.set(index, wider);
            changed.field(this, index, wider);
        }
        return index;
    }

    private int add(String field) {
        Integer known = ids.get(field);
        if (known != null) {
            return known;
        }
        if (fields.size() >= Schema.MAX_FIELDS) {
            return NO_ROOM;
        }
        ids.put(field, fields.size());
        fields.add(new Column(field, Sql.free(field, this::isTaken), 0));
        return fields.size() - 1;
    }

    private boolean isTaken(String title) {
        return title.equals("time")
                || title.equals("device")
                || fields.stream()
                        .anyMatch(
                                field -> field.title().toLowerCase(Locale.ROOT).equals(title));
    }

    /// Told of a field that must be written down.
    interface Changed {
        void field(StreamTables stream, int index, Column column) throws java.sql.SQLException;
    }
}
