package dev.weir.connect.mqttclient;

import dev.weir.connect.mqttclient.Packet.Connack;
import dev.weir.connect.mqttclient.Packet.Pingresp;
import dev.weir.engine.tls.ClientTls;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// One connection to a broker, from CONNECT until one of the two hangs up or a sign of life is
/// missing.
///
/// Three virtual threads: whoever made it reads; `-write` empties the bounded outbox into the
/// socket; `-watch` asks for signs of life and cuts the connection when one does not come in time.
/// A broker that does not read, does not answer, or whose machine is gone looks the same to TCP for
/// a quarter of an hour; here it is `ack-timeout`.
final class Connection implements AutoCloseable {
    private static final int OUTBOX = 256;

    /// Ends the writer.
    private static final Outgoing END = new Outgoing(new byte[0], () -> {}, true);

    private final LinkOptions options;
    private final Encoder encoder;
    private final Socket socket = new Socket();
    private final BlockingQueue<Outgoing> outbox;
    private final AtomicReference<@Nullable String> end = new AtomicReference<>();
    private final CountDownLatch written = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final String name;

    // Set once by open, before anybody else sees the connection.
    private Connack connack = new Connack(false, 0, Properties.NONE);
    private PacketReader reader;
    private Duration pingEvery;

    // Written by the thread that the name says, read by the watch; of System.nanoTime, 0 for "not
    // now".
    private volatile long readingSince;
    private volatile long writingSince;
    private volatile long pingedAt;
    private volatile LongSupplier unansweredSince = () -> 0;

    /// @param written run by the writer once the bytes are with the system
    /// @param last ends the writer
    @SuppressWarnings("ArrayRecordComponent") // handed to the socket
    private record Outgoing(byte[] bytes, Runnable written, boolean last) {
        Outgoing(byte[] bytes, Runnable written) {
            this(bytes, written, false);
        }
    }

    /// @param inFlight how many acknowledgements may have to be sent at once
    private Connection(String name, LinkOptions options, int inFlight) {
        this.name = name;
        this.options = options;
        this.encoder = new Encoder(options.five());
        this.outbox = new ArrayBlockingQueue<>(OUTBOX + 2 * inFlight);
        this.pingEvery = options.keepAlive().dividedBy(2);
        this.reader = new PacketReader(InputStream.nullInputStream(), options.five(), 0);
    }

    /// Connects and waits for the broker's consent.
    ///
    /// @throws IOException if the broker is away, silent for `connect-timeout`, or refuses
    static Connection open(String name, LinkOptions options, Encoder.Hello hello) throws IOException {
        Connection connection = new Connection(name, options, hello.receiveMaximum());
        try {
            connection.connect(hello);
            return connection;
        } catch (IOException | RuntimeException failed) {
            connection.close();
            throw failed;
        }
    }

    private void connect(Encoder.Hello hello) throws IOException {
        Duration patience = options.connectTimeout();
        long begin = System.nanoTime();
        Thread guard = Thread.ofVirtual().name(name + "-connect").start(() -> cutAfter(patience));
        try {
            InetSocketAddress address = new InetSocketAddress(options.host(), options.port());
            if (address.isUnresolved()) {
                throw new IOException(options.broker() + ": no such host");
            }
            socket.connect(address, Math.toIntExact(patience.toMillis()));
            socket.setTcpNoDelay(true);
            Socket talking = options.secure() ? secured() : socket;
            OutputStream out = new BufferedOutputStream(talking.getOutputStream(), 16 << 10);
            reader = new PacketReader(
                    new BufferedInputStream(talking.getInputStream(), 16 << 10), options.five(), options.maxPacket());
            out.write(encoder.connect(hello));
            out.flush();
            agreed(reader.read());
            Thread.ofVirtual().name(name + "-write").start(() -> write(out));
        } catch (IOException failed) {
            String why = end.get();
            throw why == null && System.nanoTime() - begin < patience.toNanos()
                    ? failed
                    : new IOException("no answer to CONNECT within " + patience.toMillis() + " ms", failed);
        } finally {
            guard.interrupt();
        }
        Thread.ofVirtual().name(name + "-watch").start(this::watch);
    }

    private void cutAfter(Duration patience) {
        try {
            if (!ended.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                fail("no answer to CONNECT within " + patience.toMillis() + " ms");
            }
        } catch (InterruptedException connected) {
            Thread.currentThread().interrupt();
        }
    }

    private Socket secured() throws IOException {
        ClientTls tls = options.tls().orElseGet(ClientTls::ofSystem);
        SSLSocket secure = (SSLSocket)
                tls.context().getSocketFactory().createSocket(socket, options.host(), options.port(), false);
        secure.setSSLParameters(tls.parameters());
        secure.startHandshake();
        return secure;
    }

    private void agreed(Packet first) throws IOException {
        if (!(first instanceof Connack answer)) {
            throw new IOException("the broker began with a packet other than CONNACK");
        }
        if (answer.reason() != 0) {
            int reason = options.five() && Reason.isFailure(answer.reason())
                    ? answer.reason()
                    : Reason.ofVersion3(answer.reason());
            throw new IOException("the broker refused the connection: "
                    + Reason.shown(
                            reason,
                            answer.properties().text(Properties.REASON_STRING).orElse(null)));
        }
        connack = answer;
        long keepAlive = answer.properties().whole(Properties.SERVER_KEEP_ALIVE, options.keepAliveSeconds());
        pingEvery = Duration.ofSeconds(Math.max(1, keepAlive)).dividedBy(2);
    }

    /// What the broker said when it took the connection.
    Connack connack() {
        return connack;
    }

    /// Since when the oldest thing waits that the broker should have answered, by
    /// `System.nanoTime`; 0 when nothing does.
    void unansweredSince(LongSupplier since) {
        unansweredSince = since;
    }

    /// Waits for a packet. For one thread. Time between two calls does not count as the broker's.
    ///
    /// @throws IOException with the reason once the connection is over
    Packet read() throws IOException {
        while (true) {
            readingSince = now();
            try {
                Packet packet = reader.read();
                readingSince = 0;
                if (packet instanceof Pingresp) {
                    pingedAt = 0;
                } else {
                    return packet;
                }
            } catch (IOException lost) {
                String why = end.get();
                throw why == null ? lost : new IOException(why, lost);
            }
        }
    }

    /// Sends, and waits while the outbox is full.
    ///
    /// @throws IOException if the connection is over
    void send(byte[] bytes) throws IOException, InterruptedException {
        send(bytes, () -> {});
    }

    /// @param written run once the bytes are with the system
    void send(byte[] bytes, Runnable written) throws IOException, InterruptedException {
        Outgoing outgoing = new Outgoing(bytes, written);
        while (!outbox.offer(outgoing, 100, TimeUnit.MILLISECONDS)) {
            check();
        }
        check();
    }

    private void check() throws IOException {
        String why = end.get();
        if (why != null) {
            throw new IOException(why);
        }
    }

    /// Sends without waiting. Where the outbox is full the broker does not read, and the connection
    /// ends.
    ///
    /// @param written run once the bytes are with the system
    void offer(byte[] bytes, Runnable written) {
        if (!outbox.offer(new Outgoing(bytes, written))) {
            fail("the broker does not read what is sent to it");
        }
    }

    private void write(OutputStream out) {
        try {
            while (true) {
                Outgoing next = outbox.take();
                writingSince = now();
                while (next != null && !next.last()) {
                    out.write(next.bytes());
                    next.written().run();
                    next = outbox.poll();
                }
                out.flush();
                writingSince = 0;
                if (next != null) {
                    return;
                }
            }
        } catch (IOException lost) {
            fail("the connection to " + options.broker() + " broke: " + lost.getMessage());
        } catch (InterruptedException notExpected) {
            Thread.currentThread().interrupt();
        } finally {
            written.countDown();
        }
    }

    private void watch() {
        long tick = Math.max(1, Math.min(options.ackTimeout().toNanos(), pingEvery.toNanos()) / 4);
        long lastPing = now();
        try {
            while (!ended.await(tick, TimeUnit.NANOSECONDS)) {
                missed().ifPresent(this::fail);
                if (pingedAt == 0 && now() - lastPing >= pingEvery.toNanos() - tick) {
                    lastPing = now();
                    pingedAt = lastPing;
                    offer(encoder.pingreq(), () -> {});
                }
            }
        } catch (InterruptedException notExpected) {
            Thread.currentThread().interrupt();
        }
    }

    /// Which sign of life is missing.
    private Optional<String> missed() {
        long reading = readingSince;
        long ping = pingedAt;
        if (late(writingSince)) {
            return Optional.of("the broker did not read for " + patience());
        }
        // While our own side holds the reader up, its answer may lie unread.
        if (reading != 0 && late(reading) && late(ping)) {
            return Optional.of("the broker gave no sign of life for " + patience());
        }
        return reading != 0 && late(unansweredSince.getAsLong())
                ? Optional.of("the broker did not acknowledge within " + patience())
                : Optional.empty();
    }

    private boolean late(long since) {
        return since != 0 && now() - since > options.ackTimeout().toNanos();
    }

    private String patience() {
        return options.ackTimeout().toMillis() + " ms";
    }

    /// Never 0, which stands for "not now".
    static long now() {
        return System.nanoTime() | 1;
    }

    /// Ends the connection at once. Does not block; only the first reason counts.
    void fail(String why) {
        if (end.compareAndSet(null, why)) {
            ended.countDown();
            try {
                // The plain socket: closing the secure one could wait for a peer that is silent.
                socket.close();
            } catch (IOException closed) {
                // It is gone either way.
                end.compareAndSet(why, why + " (" + closed.getMessage() + ")");
            }
        }
        boolean _ = outbox.offer(END);
    }

    /// Says goodbye, waits a moment for it to be sent, and ends.
    void finish(Duration patience) throws InterruptedException {
        if (outbox.offer(new Outgoing(encoder.disconnect(), () -> {})) && outbox.offer(END)) {
            boolean _ = written.await(patience.toNanos(), TimeUnit.NANOSECONDS);
        }
        close();
    }

    @Override
    public void close() {
        fail("the link was closed");
    }
}
