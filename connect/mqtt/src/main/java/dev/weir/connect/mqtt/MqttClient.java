package dev.weir.connect.mqtt;

import dev.weir.connect.mqtt.Packet.Ack;
import dev.weir.connect.mqtt.Packet.ConnAck;
import dev.weir.connect.mqtt.Packet.Publish;
import dev.weir.connect.mqtt.Packet.SubAck;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// A small blocking MQTT client over TCP: QoS 0 and 1, a window of unacknowledged messages, no
/// reconnecting. For tools and load generators of this project.
///
/// Thread-safe. Has one virtual thread that reads, which ends in [#close]. Received messages wait
/// in a bounded queue; when it is full the client does not read.
public final class MqttClient implements AutoCloseable {
    private static final int FLUSH_BYTES = 16 * 1024;
    private static final int MAX_PACKET_BYTES = 64 * 1024 * 1024;

    private final Settings settings;
    private final Socket socket;
    private final Decoder decoder;
    private final BlockingQueue<Received> received;
    private final Thread reader;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // guarded by lock
    private final Encoder out = new Encoder(1024);
    private int inFlight;
    private int lastPacketId;
    private long refused;
    private @Nullable SubAck granted;
    private @Nullable IOException lost;

    /// How to connect.
    ///
    /// @param server where
    /// @param version 3.1.1 or 5
    /// @param clientId empty to let the server choose
    /// @param clean whether an earlier session is thrown away
    /// @param window QoS 1 messages that may be unacknowledged; [#publish] waits beyond
    /// @param queue received messages that may wait
    /// @param acknowledged told each packet identifier when its PUBACK comes, by the reading thread
    public record Settings(
            InetSocketAddress server,
            Version version,
            String clientId,
            boolean clean,
            int window,
            int queue,
            IntConsumer acknowledged) {
        public Settings {
            if (window < 1 || window > 65_535 || queue < 1) {
                throw new IllegalArgumentException(
                        "window must be 1 to 65535 and queue at least 1, but they were " + window + " and " + queue);
            }
        }

        /// Version 5, a clean session, a window of 20.
        public static Settings to(InetSocketAddress server) {
            return new Settings(server, Version.V5, "", true, 20, 1000, id -> {});
        }

        public Settings version(Version other) {
            return new Settings(server, other, clientId, clean, window, queue, acknowledged);
        }

        public Settings client(String id, boolean cleanSession) {
            return new Settings(server, version, id, cleanSession, window, queue, acknowledged);
        }

        public Settings window(int messages) {
            return new Settings(server, version, clientId, clean, messages, queue, acknowledged);
        }

        public Settings acknowledged(IntConsumer listener) {
            return new Settings(server, version, clientId, clean, window, queue, listener);
        }
    }

    /// A message from the server.
    ///
    /// @param topic where it was published
    /// @param payload an array of its own
    /// @param qos 0 or 1
    /// @param retained whether it came out of the retained store
    @SuppressWarnings("ArrayRecordComponent") // the receiver owns the array
    public record Received(String topic, byte[] payload, int qos, boolean retained) {}

    private MqttClient(Settings settings, Socket socket) {
        this.settings = settings;
        this.socket = socket;
        this.decoder = new Decoder(MAX_PACKET_BYTES, settings.version());
        this.received = new ArrayBlockingQueue<>(settings.queue());
        this.reader = Thread.ofVirtual().name("mqtt-client").unstarted(this::read);
    }

    /// Connects and waits for the server's answer, ten seconds at most.
    ///
    /// @throws IOException if the server cannot be reached or refuses
    public static MqttClient connect(Settings settings) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(settings.server(), 10_000);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(10_000);
            MqttClient client = new MqttClient(settings, socket);
            client.greet();
            socket.setSoTimeout(0);
            client.reader.start();
            return client;
        } catch (IOException failed) {
            socket.close();
            throw failed;
        }
    }

    private void greet() throws IOException {
        boolean keep = !settings.clean() && settings.version() == Version.V5;
        Properties properties = keep
                ? Properties.builder()
                        .number(Property.SESSION_EXPIRY_INTERVAL, 3600)
                        .build()
                : Properties.NONE;
        Encoder hello = new Encoder(128);
        hello.write(
                new Packet.Connect(
                        settings.version(), settings.clientId(), settings.clean(), 0, null, null, null, properties),
                settings.version());
        socket.getOutputStream().write(hello.array(), 0, hello.size());
        try {
            Packet answer = decoder.next();
            while (answer == null) {
                if (decoder.fill(socket.getInputStream()) < 0) {
                    throw new IOException(settings.server() + " closed the connection instead of answering");
                }
                answer = decoder.next();
            }
            if (!(answer instanceof ConnAck(boolean present, Reason reason, Properties told)) || reason.isError()) {
                throw new IOException(settings.server() + " refused the connection: " + answer);
            }
        } catch (Violation violation) {
            throw new IOException(settings.server() + " does not speak MQTT: " + violation.getMessage(), violation);
        }
    }

    /// Publishes. QoS 1 waits while the window is full; messages are sent when there is enough for
    /// a write, when the window is full, or with [#flush].
    ///
    /// @param qos 0 or 1
    /// @return the packet identifier; 0 for QoS 0
    /// @throws IOException if the connection is lost
    public int publish(String topic, byte[] payload, int qos, boolean retain) throws IOException, InterruptedException {
        if (qos < 0 || qos > 1) {
            throw new IllegalArgumentException("qos must be 0 or 1, but was " + qos);
        }
        lock.lockInterruptibly();
        try {
            while (qos == 1 && inFlight >= settings.window() && lost == null) {
                flush();
                changed.await();
            }
            checkLost();
            int id = qos == 0 ? 0 : nextPacketId();
            inFlight += qos;
            out.write(
                    new Publish(false, qos, retain, topic, id, Properties.NONE, payload, 0, payload.length),
                    settings.version());
            if (out.size() >= FLUSH_BYTES) {
                flush();
            }
            return id;
        } finally {
            lock.unlock();
        }
    }

    /// Sends what is buffered. Blocks while the server does not read.
    public void flush() throws IOException {
        lock.lock();
        try {
            if (out.size() > 0) {
                socket.getOutputStream().write(out.array(), 0, out.size());
                out.clear();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Sends what is buffered and waits until every message is acknowledged.
    ///
    /// @return whether that happened in time
    public boolean awaitAcknowledged(Duration patience) throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            flush();
            long left = patience.toNanos();
            while (inFlight > 0 && left > 0 && lost == null) {
                left = changed.awaitNanos(left);
            }
            checkLost();
            return inFlight == 0;
        } finally {
            lock.unlock();
        }
    }

    /// How many messages the server answered with an error.
    public long refused() {
        lock.lock();
        try {
            return refused;
        } finally {
            lock.unlock();
        }
    }

    /// Subscribes and waits for the answer, ten seconds at most.
    ///
    /// @param qos 0 or 1
    /// @throws IOException if the server refuses or the connection is lost
    public void subscribe(String filter, int qos) throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            granted = null;
            Packet.Request request = new Packet.Request(filter, qos, false, false, 0);
            out.write(new Packet.Subscribe(nextPacketId(), List.of(request), Properties.NONE), settings.version());
            flush();
            long left = TimeUnit.SECONDS.toNanos(10);
            while (granted == null && left > 0 && lost == null) {
                left = changed.awaitNanos(left);
            }
            checkLost();
            if (granted == null || granted.reasons().getFirst().isError()) {
                throw new IOException("subscription to '" + filter + "' was "
                        + (granted == null ? "not answered" : "refused: " + granted.reasons()));
            }
        } finally {
            lock.unlock();
        }
    }

    /// The next message; empty if none comes in time or the connection is lost.
    public Optional<Received> receive(Duration patience) throws InterruptedException {
        return Optional.ofNullable(received.poll(patience.toNanos(), TimeUnit.NANOSECONDS));
    }

    /// Says good-bye and closes. Does nothing the second time.
    @Override
    public void close() {
        lock.lock();
        try {
            if (lost == null) {
                out.write(new Packet.Disconnect(Reason.SUCCESS, Properties.NONE), settings.version());
                flush();
            }
        } catch (IOException gone) {
            // The server learns of it without a good-bye.
        } finally {
            lost = new IOException("the client is closed");
            changed.signalAll();
            lock.unlock();
        }
        abort();
    }

    /// Breaks the connection off without a good-bye, so that the server publishes the will.
    void abort() {
        try {
            socket.close();
        } catch (IOException gone) {
            // It is closed either way.
        }
        reader.interrupt();
    }

    private int nextPacketId() {
        lastPacketId = lastPacketId == 0xffff ? 1 : lastPacketId + 1;
        return lastPacketId;
    }

    private void checkLost() throws IOException {
        if (lost != null) {
            throw new IOException("the connection to " + settings.server() + " is lost: " + lost.getMessage(), lost);
        }
    }

    private void read() {
        try {
            while (decoder.fill(socket.getInputStream()) >= 0) {
                Packet packet = decoder.next();
                while (packet != null) {
                    handle(packet);
                    packet = decoder.next();
                }
            }
            lose(new IOException("the server closed the connection"));
        } catch (IOException failed) {
            lose(failed);
        } catch (Violation violation) {
            lose(new IOException(violation.detail(), violation));
        } catch (InterruptedException closed) {
            lose(new IOException("the client is closed"));
        }
    }

    private void handle(Packet packet) throws IOException, InterruptedException {
        if (packet instanceof Publish publish) {
            received.put(new Received(publish.topic(), publish.payload(), publish.qos(), publish.retain()));
            if (publish.qos() == 1) {
                answer(Ack.of(PacketType.PUBACK, publish.packetId()));
            }
        } else if (packet instanceof Packet.Disconnect(Reason reason, Properties told)) {
            throw new IOException("the server ended the connection: " + reason.word());
        } else {
            confirmed(packet);
        }
    }

    private void answer(Ack ack) throws IOException {
        lock.lock();
        try {
            out.write(ack, settings.version());
            flush();
        } finally {
            lock.unlock();
        }
    }

    private void confirmed(Packet packet) {
        lock.lock();
        try {
            if (packet instanceof Ack ack) {
                inFlight--;
                refused += ack.reason().isError() ? 1 : 0;
            } else if (packet instanceof SubAck answer) {
                granted = answer;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (packet instanceof Ack ack) {
            settings.acknowledged().accept(ack.packetId());
        }
    }

    private void lose(IOException why) {
        lock.lock();
        try {
            if (lost == null) {
                lost = why;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
