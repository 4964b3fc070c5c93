package dev.weir.connect.coap;

import dev.weir.engine.Connector.Surroundings;
import dev.weir.engine.Inlet;
import dev.weir.engine.Latest;
import dev.weir.engine.Message;
import dev.weir.engine.Meters;
import dev.weir.engine.Reading;
import dev.weir.engine.ReadingJson;
import dev.weir.engine.Receipt;
import dev.weir.engine.Schema;
import dev.weir.engine.Upgrades;
import dev.weir.engine.access.Access;
import dev.weir.engine.config.ConfigFile;
import dev.weir.engine.config.HostPort;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Shape;
import dev.weir.engine.config.Yaml;
import dev.weir.engine.decode.DecodeException;
import dev.weir.engine.decode.DecodeShape;
import dev.weir.engine.decode.Decoder;
import dev.weir.engine.decode.Decoders;
import dev.weir.runtime.Lane;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullUnmarked;

/// A real CoAP source on a port of the system's choice, and the node's side of it, played by the
/// test: it answers as told and keeps what came.
@NullUnmarked
final class Scripted implements Inlet, Latest, AutoCloseable {
    private static final long SECONDS = 10;

    /// What the node's side keeps of a message, whose payload is only lent.
    record Taken(String address, String payload, String contentType) {}

    final BlockingQueue<Taken> taken = new LinkedBlockingQueue<>();
    final List<String> rejected = new CopyOnWriteArrayList<>();
    final Schema schema = new Schema("climate");
    private final Schema stream = new Schema("decoded");
    final CoapSource source;

    /// What came, decoded as [#decodes] says: `device@time {fields}`.
    final List<String> decoded = new CopyOnWriteArrayList<>();

    /// How many messages were handed over, or wait to be.
    final AtomicInteger entered = new AtomicInteger();

    volatile Receipt answer = Receipt.ACCEPTED;
    private volatile Decoder decoder;

    /// While it is not open, nothing is taken.
    volatile CountDownLatch gate = new CountDownLatch(0);

    private final Access access;
    private final Map<String, Reading> readings = new ConcurrentHashMap<>();
    final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    Scripted() throws IOException {
        this(SourceOptions.listening(new HostPort("127.0.0.1", 0)));
    }

    Scripted(SourceOptions options) throws IOException {
        this(options, Access.open());
    }

    Scripted(SourceOptions options, Access access) throws IOException {
        this.access = access;
        source = new CoapSource(options, surroundings());
        source.open(this);
    }

    /// Options with some limits that matter to a test.
    static SourceOptions options(
            int maxPayload, int maxConcurrent, int maxPeers, int maxObservers, Duration patience, Duration retry) {
        return new SourceOptions(
                Optional.of(new HostPort("127.0.0.1", 0)),
                new Limits(maxPayload, maxConcurrent, maxPeers, maxObservers, 16, 8, 100_000),
                patience,
                retry,
                Optional.empty());
    }

    Surroundings surroundings() {
        return new Surroundings(
                "node", "motes", Path.of("target"), Meters.none(), this, Map.of(), access, Upgrades.none());
    }

    String uri(String path) {
        return "coap://127.0.0.1:" + source.address().getPort() + "/" + path;
    }

    String encrypted(String path) {
        return "coaps://127.0.0.1:" + source.encryptedAddress().getPort() + "/" + path;
    }

    Taken next() throws InterruptedException {
        Taken next = taken.poll(SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no message within " + SECONDS + " s");
        }
        return next;
    }

    /// From now on messages are decoded as a pipeline with that `decode:` does.
    void decodes(String how) {
        Problems problems = new Problems();
        Section pipeline = Section.check(
                Yaml.parse(new ConfigFile("f", "decode: " + how), Map.of(), problems)
                        .orElseThrow(),
                Shape.of("A pipeline", DecodeShape.option()),
                problems);
        decoder = Decoders.compile(pipeline, stream, null, Meters.none(), problems);
    }

    private Receipt decode(Message message) throws InterruptedException {
        try {
            decoder.decode(message, new Decoded());
            return answer;
        } catch (DecodeException refused) {
            return new Receipt.Undecodable(refused.reason(), String.valueOf(refused.getMessage()));
        }
    }

    private final class Decoded implements Decoder.Output {
        @Override
        public Reading blank() {
            return new Reading(stream, "", 0, 0, "motes", 1, 1, Lane.SAMPLE);
        }

        @Override
        public void accept(Reading reading) {
            StringBuilder fields = new StringBuilder();
            ReadingJson.fields(fields, reading);
            decoded.add(reading.device() + "@" + reading.instant() + " " + fields);
        }
    }

    void latest(String device, double temperature) {
        Reading reading = new Reading(schema, device, 0, 0, "motes", 1, 1, Lane.SAMPLE);
        reading.set(schema.slotFor("temperature"), temperature);
        readings.put(device, reading);
        listeners.forEach(Runnable::run);
    }

    void text(String device, String text) {
        Reading reading = new Reading(schema, device, 0, 0, "motes", 1, 1, Lane.SAMPLE);
        reading.set(schema.slotFor("label"), text);
        readings.put(device, reading);
    }

    @Override
    public void accept(Message message, Ack ack) throws InterruptedException {
        accept(message, ack, Duration.ofSeconds(SECONDS));
    }

    @Override
    public void accept(Message message, Ack ack, Duration patience) throws InterruptedException {
        entered.incrementAndGet();
        if (!gate.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            ack.settle(Receipt.OVERLOADED);
            return;
        }
        taken.add(new Taken(
                message.address(),
                new String(message.payload(), StandardCharsets.UTF_8),
                String.valueOf(message.contentType())));
        ack.settle(decoder == null ? answer : decode(message));
    }

    @Override
    public void rejected(String reason) {
        rejected.add(reason);
    }

    @Override
    public void finished() {}

    @Override
    public Optional<Reading> find(String stream, String device) {
        return stream.equals("climate") ? Optional.ofNullable(readings.get(device)) : Optional.empty();
    }

    @Override
    public List<Reading> of(String stream) {
        return List.copyOf(readings.values());
    }

    @Override
    public List<String> streams() {
        return readings.isEmpty() ? List.of() : List.of("climate");
    }

    @Override
    public Subscription watch(String stream, String device, Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public void close() {
        source.close();
    }
}
