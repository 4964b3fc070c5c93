package dev.weir.connect.mqtt;

import dev.weir.connect.mqtt.Packet.ConnAck;
import dev.weir.connect.mqtt.Packet.Connect;
import dev.weir.connect.mqtt.Packet.Disconnect;
import dev.weir.engine.access.Identity;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// One client's connection: a virtual thread that reads, decodes and handles, in straight lines.
/// Back-pressure is that it does not read.
///
/// Life: constructed → [#start] → the thread ends when the client leaves, breaks the rules, or
/// somebody calls [#end]. [#check] is called every second or so by one thread for all connections,
/// so that an idle connection needs no timer.
final class Connection {
    /// How long a client has to take the last packet of a connection that the server ends.
    private static final long LAST_WORDS_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final Duration PATIENCE = Duration.ofNanos(LAST_WORDS_NANOS);

    /// How long what such a client still sends is read.
    private static final Duration LINGER = Duration.ofSeconds(2);
    private static final int LINGER_BYTES = 256 * 1024;

    /// After so many packets others are let run: who always finds more to read never leaves its
    /// carrier by itself, and with as many of these as carriers nothing else would move.
    private static final int TURN = 64;

    private final Transport transport;
    private final Door door;
    private final Limits limits;
    private final Broker broker;
    private final Decoder decoder;
    private final Thread reader;
    private final Outbox outbox;
    private final Inflow inflow;

    // only the reader
    private @Nullable Conversation conversation;
    private @Nullable Session session;
    /// Packets, and messages among them, of the last read.
    private int handled;

    private int published;

    // written by the reader, read by `check`
    private volatile String client;
    private volatile long lastPacketAt;
    private volatile long allowedSilenceNanos;
    private volatile boolean handling;

    private volatile boolean canBeTold;

    private volatile @Nullable Permissions permissions;

    /// Written by whoever ends the connection first.
    private final AtomicReference<@Nullable Reason> ending = new AtomicReference<>();
    private volatile long endingSince = Long.MAX_VALUE;

    Connection(Transport transport, Door door, Broker broker) {
        this.transport = transport;
        this.door = door;
        this.limits = door.limits;
        this.broker = broker;
        this.decoder = new Decoder(limits.maxPacketBytes, door.arriving);
        this.reader = door.readers.newThread(this::run);
        this.outbox = new Outbox(transport, door.writers, broker.meters, broker.ticker, reader);
        this.inflow = new Inflow(limits, broker.ticker.getAsLong());
        this.client = transport.peer();
        this.lastPacketAt = broker.ticker.getAsLong();
        this.allowedSilenceNanos = limits.connectTimeout.toNanos();
    }

    void start() {
        reader.start();
    }

    /// Ends it because others wait to come in. Any thread; does not block.
    void giveWay() {
        broker.meters.closed("gave-way");
        door.complaints.note("gave-way", client, "it has sent no CONNECT and the listener is full");
        abort();
    }

    // --- the reader ----------------------------------------------------------------------------------

    private void run() {
        try {
            transport.open();
            read();
            if (ending.get() != null) {
                outbox.awaitClosed(PATIENCE);
            }
        } catch (Violation violation) {
            refuse(violation);
        } catch (SSLException notSecured) {
            broker.meters.closed("tls");
            door.complaints.note("tls", client, String.valueOf(notSecured.getMessage()));
        } catch (IOException lost) {
            // The peer is gone, or somebody closed the transport: the session learns of it below.
        } catch (InterruptedException ended) {
            // Somebody called end(): nothing more is handed over.
        } catch (RuntimeException bug) {
            door.complaints.bug(client, bug);
            refuse(new Violation(Reason.UNSPECIFIED, bug.toString()));
        } finally {
            finish();
        }
    }

    private void read() throws IOException, InterruptedException, Violation {
        boolean open = true;
        while (open && ending.get() == null) {
            int read = decoder.fill(transport.input());
            if (read < 0) {
                return;
            }
            broker.meters.bytesReceived.add(read);
            handling = true;
            handled = 0;
            published = 0;
            open = handleAll();
            if (handled > 0) {
                lastPacketAt = broker.ticker.getAsLong(); // before the client can know that it was heard
            }
            outbox.flush();
            outbox.awaitRoomForControl();
            afterReading(read);
            handling = false;
        }
    }

    private void afterReading(int bytes) throws InterruptedException {
        int pending = decoder.pending();
        if (handled == 0 && pending == 0) {
            return;
        }
        long now = broker.ticker.getAsLong();
        if (inflow.isLimited()) {
            keepPace(inflow.took(published, bytes, now));
            now = broker.ticker.getAsLong();
        }
        inflow.left(pending, handled > 0, now);
    }

    /// Does not read for a while, which slows the client down.
    private void keepPace(long nanos) throws InterruptedException {
        long until = broker.ticker.getAsLong() + nanos;
        if (nanos > 0) {
            broker.meters.slowedDown.increment();
        }
        for (long left = nanos; left > 0 && ending.get() == null; left = until - broker.ticker.getAsLong()) {
            LockSupport.parkNanos(this, left);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // virtual threads are not preempted: see TURN
    private boolean handleAll() throws Violation, InterruptedException {
        Packet packet = decoder.next();
        while (packet != null && ending.get() == null) {
            handled++;
            published += packet instanceof Packet.Publish ? 1 : 0;
            broker.meters.received(packet.type()).increment();
            Conversation current = conversation;
            if (current == null) {
                connect((Connect) packet);
            } else if (!current.handle(packet)) {
                return false;
            }
            if (handled % TURN == 0) {
                Thread.yield();
            }
            packet = decoder.next();
        }
        return true;
    }

    // --- CONNECT ---------------------------------------------------------------------------------------

    private void connect(Connect connect) throws Violation, InterruptedException {
        door.known(this);
        Terms terms = new Terms(connect, limits, broker);
        outbox.speak(connect.version(), terms.takesReasonStrings(), terms.maxPacketBytes());
        terms.check();
        Identity identity = Credentials.check(connect, transport, door.access, broker.meters);
        String id = connect.clientId().isEmpty() ? "weir-" + UUID.randomUUID() : connect.clientId();
        client = id;
        terms.checkWill(identity, id);
        long expiry = broker.expirySeconds(connect);
        Properties told = terms.told(id, expiry);
        Session.Attachment as = terms.attachment(this, outbox, identity);
        Broker.Entry entry = broker.enter(connect, id, expiry, as);
        session = entry.session();
        Conversation begun = new Conversation(broker, entry.session(), outbox, door, connect);
        conversation = begun;
        permissions = begun.permissions();
        long keepAlive = terms.keepAliveSeconds();
        allowedSilenceNanos = keepAlive == 0 ? Long.MAX_VALUE : TimeUnit.MILLISECONDS.toNanos(keepAlive * 1500);
        outbox.send(new ConnAck(entry.present(), Reason.SUCCESS, told));
        canBeTold = connect.version() == Version.V5;
        outbox.attach(entry.session(), as);
        if (entry.present()) {
            outbox.wake();
        }
    }

    // --- end ---------------------------------------------------------------------------------------------

    /// Answers a mistake as the protocol has it and hangs up. The rest of what the client sent is
    /// read for a moment, since closing with unread bytes would destroy the answer on its way.
    private void refuse(Violation violation) {
        broker.meters.closed(violation.word());
        door.complaints.note(violation.word(), client, violation.detail());
        Packet answer = answer(violation.reason(), violation.told());
        Packet shorter = answer(violation.reason(), Properties.NONE);
        if (answer == null || shorter == null) {
            return;
        }
        try {
            outbox.sendLast(answer, shorter);
            outbox.drain(PATIENCE);
            transport.finishOutput();
            linger();
        } catch (IOException | InterruptedException gone) {
            // It does not matter any more whether the client has read why.
        }
    }

    /// Reads what still comes until the client hangs up, for a bounded time.
    private void linger() throws IOException {
        byte[] scrap = new byte[1024];
        long until = System.nanoTime() + LINGER.toNanos();
        int most = LINGER_BYTES;
        long left = LINGER.toNanos();
        while (most > 0 && left > 0) {
            transport.limitReads(Duration.ofNanos(left).plusMillis(1));
            int read = transport.input().read(scrap);
            if (read < 0) {
                return;
            }
            most -= read;
            left = until - System.nanoTime();
        }
    }

    private @Nullable Packet answer(Reason reason, Properties told) {
        if (conversation != null) {
            return decoder.version() == Version.V5 ? new Disconnect(reason, told) : null;
        }
        boolean understood = decoder.version() != null || reason == Reason.UNSUPPORTED_VERSION;
        return understood ? new ConnAck(false, reason, told) : null;
    }

    /// What the client is told last is that its connection is closed: by then its session is away,
    /// and its will and what it left behind are where others find them.
    private void finish() {
        decoder.release();
        boolean interrupted = Thread.interrupted();
        if (!outbox.discard()) {
            outbox.awaitQuiet();
        }
        Session own = session;
        Conversation had = conversation;
        if (own != null && had != null) {
            broker.leave(own, had.will());
        }
        transport.close();
        door.left(this);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Ends the connection: the client is told why if its version can say it. Any thread; does not
    /// block; only the first reason counts.
    void end(Reason reason) {
        end(reason, reason.word());
    }

    private void end(Reason reason, String word) {
        if (ending.compareAndSet(null, reason)) {
            endingSince = broker.ticker.getAsLong();
            broker.meters.closed(word);
            outbox.closeAfter(canBeTold ? new Disconnect(reason, Properties.NONE) : null);
        }
    }

    /// Waits until the reader has ended.
    boolean awaitEnd(Duration patience) throws InterruptedException {
        return reader.join(patience);
    }

    /// Waits until the reader has ended.
    void awaitEnd() throws InterruptedException {
        reader.join();
    }

    /// Breaks the connection off without a word.
    void abort() {
        transport.close();
        reader.interrupt();
    }

    /// Ends the connection if the client has been silent for too long (MQTT-3.1.2-22); time during
    /// which its packets are being handled does not count, since then it is we who do not read.
    void check(long now) {
        Permissions remembered = permissions;
        if (remembered != null) {
            remembered.forget();
        }
        if (ending.get() != null) {
            if (endingSince != Long.MAX_VALUE && now - endingSince > LAST_WORDS_NANOS) {
                abort();
            }
            return;
        }
        if (handling) {
            outbox.wakeIfHeld();
            lastPacketAt = now;
            inflow.forgive(now);
            return;
        }
        if (now - lastPacketAt > allowedSilenceNanos) {
            end(Reason.KEEP_ALIVE_TIMEOUT, remembered == null ? "connect-timeout" : "keep-alive-timeout");
        } else if (inflow.isDawdling(now)) {
            end(Reason.KEEP_ALIVE_TIMEOUT, "packet-timeout");
        }
    }
}
