package dev.weir.engine;

import dev.weir.engine.expression.Bindings;
import dev.weir.engine.expression.Kind;
import dev.weir.runtime.Lane;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One decoded message of one device: who, when, and typed fields in the slots of a [Schema].
///
/// Numbers and booleans lie unboxed in an array; a slot may be empty. A reading belongs to one
/// thread at a time: stages change it in place while it passes them; after the last stage nobody
/// changes it any more and any thread may read it.
///
/// Times are nanoseconds since 1970-01-01T00:00:00Z, which reaches from 1677 to 2262.
///
/// Expressions read it by slot; for them [#DEVICE], [#TIME] and [#RECEIVED] are slots as well.
public final class Reading implements Bindings {
    /// The slot in which an expression finds the device.
    public static final int DEVICE = Schema.MAX_FIELDS;

    /// The slot in which an expression finds the event time, a timestamp.
    public static final int TIME = DEVICE + 1;

    /// The slot in which an expression finds when the reading reached the node, a timestamp.
    public static final int RECEIVED = TIME + 1;

    private static final byte EMPTY = 0;
    private static final FieldType[] TYPES = FieldType.values();
    private static final Kind[] KINDS = {Kind.ABSENT, Kind.DOUBLE, Kind.LONG, Kind.BOOLEAN, Kind.STRING};
    private static final Lane[] LANES = Lane.values();
    private static final int MAX_HOPS = Short.MAX_VALUE;

    private final Schema schema;
    private final long received;
    private final String source;
    private final long epoch;
    private final long sequence;

    /// The ordinal of its class: with it and the hops in three bytes, a reading whose way is not
    /// followed is no larger for the field that says so.
    private final byte lane;

    private short hops;
    private String device;
    private long time;

    private @Nullable Span trace;

    /// For each slot 0, or the ordinal of its type plus one. May be shorter than the schema.
    private byte[] kinds;

    private long[] words;
    private @Nullable String @Nullable [] texts;

    /// @param schema the stream's fields
    /// @param device who sent it
    /// @param time event time
    /// @param received when it reached the node
    /// @param source the source's name; the stream's for the result of a window
    /// @param epoch counts the starts of the node; with source and sequence the key of the record
    /// @param sequence counts the source's messages of this epoch; a window's start
    /// @param lane its class
    @SuppressWarnings("EnumOrdinal") // a byte instead of a reference
    public Reading(
            Schema schema,
            String device,
            long time,
            long received,
            String source,
            long epoch,
            long sequence,
            Lane lane) {
        this.schema = Objects.requireNonNull(schema);
        this.device = Objects.requireNonNull(device);
        this.time = time;
        this.received = received;
        this.source = source;
        this.epoch = epoch;
        this.sequence = sequence;
        this.lane = (byte) lane.ordinal();
        int slots = schema.size();
        this.kinds = new byte[slots];
        this.words = new long[slots];
    }

    public Schema schema() {
        return schema;
    }

    /// The stream's name.
    public String stream() {
        return schema.stream();
    }

    public String device() {
        return device;
    }

    /// Event time.
    public long time() {
        return time;
    }

    /// Event time as an instant.
    public Instant instant() {
        return instant(time);
    }

    /// When it reached the node, as an instant.
    public Instant receivedInstant() {
        return instant(received);
    }

    private static Instant instant(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
    }

    /// When it reached the node.
    public long received() {
        return received;
    }

    public String source() {
        return source;
    }

    public long epoch() {
        return epoch;
    }

    public long sequence() {
        return sequence;
    }

    public Lane lane() {
        return LANES[lane];
    }

    /// How many nodes have passed it on before it reached this one; for a window, the most of its
    /// readings. A sink that hands it to another broker sends one more along, so that what goes in
    /// circles can be told.
    public int hops() {
        return hops;
    }

    /// Says how many nodes have passed it on; 32,767 stands for all that are more. For the node's
    /// entrance and for windows.
    public Reading hops(int count) {
        hops = (short) Math.min(count, MAX_HOPS);
        return this;
    }

    /// What follows it on its way through the node; null for almost all readings. Ends when the
    /// reading is completed, and is gone then.
    public @Nullable Span trace() {
        return trace;
    }

    /// Says what follows it. For the engine only.
    public void trace(@Nullable Span span) {
        trace = span;
    }

    /// How many slots this reading can hold a value in; slots from here on are empty.
    public int slots() {
        return kinds.length;
    }

    /// Says who sent it and when it happened, where the payload says so. For decoders only.
    public void stamp(String device, long time) {
        this.device = Objects.requireNonNull(device);
        this.time = time;
    }

    @Override
    public boolean has(int slot) {
        return slot < kinds.length ? kinds[slot] != EMPTY : slot >= DEVICE && slot <= RECEIVED;
    }

    @Override
    public Kind kind(int slot) {
        if (slot < kinds.length) {
            return KINDS[kinds[slot]];
        }
        return switch (slot) {
            case DEVICE -> Kind.STRING;
            case TIME, RECEIVED -> Kind.OTHER;
            default -> Kind.ABSENT;
        };
    }

    /// What a field's slot holds, or null when it is empty.
    public @Nullable FieldType type(int slot) {
        return slot < kinds.length && kinds[slot] != EMPTY ? TYPES[kinds[slot] - 1] : null;
    }

    /// The number in a slot of type double. Undefined for others.
    @Override
    public double real(int slot) {
        return Double.longBitsToDouble(words[slot]);
    }

    /// The number in a slot of type long. Undefined for others.
    @Override
    public long whole(int slot) {
        return words[slot];
    }

    /// The value of a slot of type boolean. Undefined for others.
    @Override
    public boolean flag(int slot) {
        return words[slot] != 0;
    }

    /// The text in a slot of type string. Undefined for others.
    public String text(int slot) {
        return Objects.requireNonNull(Objects.requireNonNull(texts)[slot]);
    }

    /// The value of a slot, boxed: `Double`, `Long`, `Boolean`, `String`, for [#TIME] and
    /// [#RECEIVED] an `Instant`; null when it is empty.
    // Expressions never ask for an empty slot, so the nullable answer does not reach them.
    @SuppressWarnings("NullAway")
    @Override
    public @Nullable Object value(int slot) {
        return switch (type(slot)) {
            case null -> builtIn(slot);
            case DOUBLE -> real(slot);
            case LONG -> whole(slot);
            case BOOLEAN -> flag(slot);
            case STRING -> text(slot);
        };
    }

    private @Nullable Object builtIn(int slot) {
        return switch (slot) {
            case DEVICE -> device;
            case TIME -> instant(time);
            case RECEIVED -> instant(received);
            default -> null;
        };
    }

    public void set(int slot, double value) {
        put(slot, FieldType.DOUBLE, Double.doubleToRawLongBits(value));
    }

    public void set(int slot, long value) {
        put(slot, FieldType.LONG, value);
    }

    public void set(int slot, boolean value) {
        put(slot, FieldType.BOOLEAN, value ? 1 : 0);
    }

    public void set(int slot, String value) {
        put(slot, FieldType.STRING, 0);
        @Nullable String @Nullable [] all = texts;
        if (all == null || all.length <= slot) {
            all = all == null ? new @Nullable String[kinds.length] : Arrays.copyOf(all, kinds.length);
            texts = all;
        }
        all[slot] = Objects.requireNonNull(value);
    }

    /// Empties a slot.
    public void clear(int slot) {
        if (slot < kinds.length) {
            kinds[slot] = EMPTY;
        }
    }

    @SuppressWarnings("EnumOrdinal") // a byte for each slot instead of a reference
    private void put(int slot, FieldType type, long word) {
        if (slot >= kinds.length) {
            int slots = Math.max(slot + 1, schema.size());
            kinds = Arrays.copyOf(kinds, slots);
            words = Arrays.copyOf(words, slots);
        }
        kinds[slot] = (byte) (type.ordinal() + 1);
        words[slot] = word;
    }
}
