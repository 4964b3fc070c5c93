package dev.weir.engine.decode;

import dev.weir.engine.FieldType;
import dev.weir.engine.Message;
import dev.weir.engine.Meters;
import dev.weir.engine.Reading;
import dev.weir.engine.ReadingJson;
import dev.weir.engine.Schema;
import dev.weir.runtime.Lane;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A stream `s` to decode into, whose messages arrive at 2020-01-01T00:00:00Z.
final class Decoding implements Decoder.Output {
    static final long NOW = 1_577_836_800_000_000_000L;

    final Schema schema = new Schema("s");
    final List<Reading> readings = new ArrayList<>();
    final CountingMeters meters = new CountingMeters();

    /// The device of the address.
    String addressed = "d";

    @Nullable
    String time;

    EpochUnit unit = EpochUnit.MS;

    @Nullable
    String device;

    Decoding declare(String name, FieldType type) {
        schema.declare(new Schema.Field(name, type, null));
        return this;
    }

    Fields fields() {
        return new Fields(schema, time, unit, device, meters);
    }

    /// Decodes, and renders each reading as `device@time {fields}`.
    List<String> run(Decoder decoder, String payload) throws DecodeException, InterruptedException {
        return run(decoder, payload.getBytes(StandardCharsets.UTF_8));
    }

    List<String> run(Decoder decoder, byte[] payload) throws DecodeException, InterruptedException {
        readings.clear();
        decoder.decode(Message.of("a", payload), this);
        return readings.stream().map(Decoding::shown).toList();
    }

    static String shown(Reading reading) {
        StringBuilder out = new StringBuilder();
        ReadingJson.fields(out, reading);
        return reading.device() + "@" + reading.instant() + " " + out;
    }

    @Override
    public Reading blank() {
        return new Reading(schema, addressed, NOW, NOW, "source", 1, 1, Lane.SAMPLE);
    }

    @Override
    public void accept(Reading reading) {
        readings.add(reading);
    }

    /// Counters by reason.
    static final class CountingMeters implements Meters {
        private final Map<String, LongAdder> counters = new ConcurrentHashMap<>();

        @Override
        public LongAdder counter(String name, String about, String... labels) {
            return counters.computeIfAbsent(labels[labels.length - 1], key -> new LongAdder());
        }

        @Override
        public void gauge(String name, String about, LongSupplier value, String... labels) {}

        long notKept(String reason) {
            return counter("", "", reason).sum();
        }
    }
}
