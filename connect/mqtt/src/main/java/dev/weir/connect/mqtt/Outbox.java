package dev.weir.connect.mqtt;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A connection's way out.
///
/// Who writes: at most one thread at a time. After each read the reader itself writes the
/// acknowledgements of all packets of that read, in one go; everything else, and everything that
/// comes up while somebody writes, is written by a virtual thread that exists only as long as there
/// is something to write. A publisher's thread never writes to a subscriber's socket, so a
/// subscriber that does not read holds up nobody; and an idle connection has neither a second
/// thread nor a buffer.
///
/// Acknowledgements leave in the order in which messages came (MQTT-4.6.0-2), also when the inlet
/// settles them in another. Bounded: encoded control packets ([#CONTROL_BYTES], then the reader
/// waits) and unsettled messages (receive maximum).
final class Outbox {
    /// Control packets that wait; beyond, the reader waits and so the client.
    static final int CONTROL_BYTES = 64 * 1024;

    /// What one write takes at most, unless a single message is larger.
    private static final int WRITE_BYTES = 16 * 1024;

    private static final int SMALL = 1024;
    private static final int QUIET = 32;

    private static final int IDLE = 0;
    private static final int WRITING = 1;
    private static final int WRITING_AND_MORE = 2;

    private final Transport transport;
    private final ThreadFactory threads;
    private final MqttMeters meters;
    private final LongSupplier ticker;
    private final Thread reader;

    /// Who may write: IDLE, WRITING, or WRITING_AND_MORE when something came up meanwhile.
    private final AtomicInteger state = new AtomicInteger(IDLE);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // guarded by lock
    private Encoder control = new Encoder(QUIET);
    private @Nullable Encoder spare;
    private final Unsettled unsettled = new Unsettled();
    private boolean closing;
    private boolean finished;
    private boolean broken;

    // only the reader: sizes when it last held the lock; they can only have shrunk since
    private int seenUnsettled;
    private int seenControl;

    /// Written under the lock; read by the writer.
    private volatile Version version = Version.V3_1_1;
    private volatile @Nullable Session session;
    private volatile Session.@Nullable Attachment attachment;
    private volatile boolean problemInformation = true;
    private volatile int maxPacketBytes = Integer.MAX_VALUE;

    Outbox(Transport transport, ThreadFactory threads, MqttMeters meters, LongSupplier ticker, Thread reader) {
        this.transport = transport;
        this.threads = threads;
        this.meters = meters;
        this.ticker = ticker;
        this.reader = reader;
    }

    /// How packets are written from now on.
    void speak(Version spoken, boolean withReasonStrings) {
        version = spoken;
        problemInformation = withReasonStrings;
    }

    /// Nothing larger is sent from now on (MQTT-3.1.2-24).
    void limit(int packetBytes) {
        maxPacketBytes = packetBytes;
    }

    /// From now on the session's messages go out here too.
    void attach(Session from, Session.Attachment as) {
        session = from;
        attachment = as;
    }

    /// Queues a control packet. Any thread; does not block on the client.
    void send(Packet packet) {
        lock.lock();
        try {
            if (mayWrite()) {
                write(packet);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Queues a packet that nothing follows any more, not even messages that wait (MQTT-3.14.4-1).
    /// Any thread; does not block on the client.
    void sendLast(Packet packet) {
        lock.lock();
        try {
            send(packet);
            finished = true;
        } finally {
            lock.unlock();
        }
    }

    private boolean mayWrite() {
        return !closing && !finished && !broken;
    }

    /// Writes a packet if the client takes one of its size. Under the lock.
    private boolean write(Packet packet) {
        int begin = control.size();
        control.write(packet, version);
        if (control.size() - begin > maxPacketBytes) {
            control.truncate(begin);
            return false;
        }
        meters.sent(packet.type()).increment();
        return true;
    }

    // --- acknowledgements ------------------------------------------------------------------------

    /// Queues the acknowledgement of a message that was handed over, now if it is decided and
    /// nothing before it is undecided. The reader only.
    void acknowledge(Receiving message) {
        lock.lock();
        try {
            unsettled.add(message);
            writeDecided();
            seenUnsettled = unsettled.size();
            seenControl = control.size();
        } finally {
            lock.unlock();
        }
    }

    /// Tells that a message was settled. Any thread; does not block on the client.
    void settled() {
        if (Thread.currentThread().equals(reader)) {
            return; // it flushes when it has handled what it read
        }
        boolean more;
        lock.lock();
        try {
            writeDecided();
            more = control.size() > 0;
        } finally {
            lock.unlock();
        }
        if (more) {
            wake();
        }
    }

    private void writeDecided() {
        Receiving first = unsettled.pollDecided();
        while (first != null) {
            writeAcknowledgement(first);
            first = unsettled.pollDecided();
        }
        changed.signalAll();
    }

    private void writeAcknowledgement(Receiving message) {
        if (!mayWrite()) {
            return;
        }
        PacketType type = message.qos == 1 ? PacketType.PUBACK : PacketType.PUBREC;
        Reason reason = message.reason();
        Session owner = session;
        if (reason.isError() && message.qos == 2 && owner != null) {
            owner.released(message.packetId);
        }
        if (version != Version.V5) {
            if (reason == Reason.QUOTA_EXCEEDED) {
                // 3.1.1 cannot say no: without an answer the client sends it again over the next
                // connection (MQTT-3.3.5-2).
                closing = true;
                return;
            }
            control.ack(type, message.packetId);
        } else if (reason == Reason.SUCCESS) {
            control.ack(type, message.packetId);
        } else {
            String detail = problemInformation ? message.detail() : null;
            Properties properties =
                    Properties.builder().text(Property.REASON_STRING, detail).build();
            if (!write(new Packet.Ack(type, message.packetId, reason, properties))) {
                // without the text, if that is what makes it too large (MQTT-3.4.2-2, MQTT-3.5.2-2)
                write(new Packet.Ack(type, message.packetId, reason, Properties.NONE));
            }
            return;
        }
        meters.sent(type).increment();
    }

    /// Whether any message of the client is unsettled, as the reader last saw it.
    boolean hasUnsettled() {
        return seenUnsettled > 0;
    }

    /// Whether the reader has to wait before it takes another message.
    boolean isFull(int maximum) {
        return seenUnsettled >= maximum || seenControl > CONTROL_BYTES;
    }

    /// QoS 1 messages of the client that are not acknowledged.
    int unsettledQos1() {
        lock.lock();
        try {
            return unsettled.qos1();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until fewer than `maximum` messages are unsettled and control packets have room. The
    /// reader only, which so stops reading.
    void awaitRoom(int maximum) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closing && !broken && (unsettled.size() >= maximum || control.size() > CONTROL_BYTES)) {
                wake();
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Waits until control packets have room. The reader only, after [#flush].
    void awaitRoomForControl() throws InterruptedException {
        if (state.get() != IDLE) {
            awaitRoom(Integer.MAX_VALUE);
        }
    }

    /// Writes acknowledgements that the reader has no time to write, because it waits for a
    /// pipeline. Any thread; does not block on the client.
    void wakeIfControl() {
        if (hasControl()) {
            wake();
        }
    }

    // --- writing -----------------------------------------------------------------------------------

    /// Sees to it that somebody writes what there is. Any thread; does not block on the client.
    void wake() {
        while (true) {
            int seen = state.get();
            if (seen == WRITING_AND_MORE) {
                return;
            }
            if (state.compareAndSet(seen, seen + 1)) {
                if (seen == IDLE) {
                    threads.newThread(this::write).start();
                }
                return;
            }
        }
    }

    /// Writes the control packets there are; messages are left to the writer. The reader only.
    void flush() {
        if (!hasControl()) {
            return;
        }
        if (!state.compareAndSet(IDLE, WRITING)) {
            wake();
            return;
        }
        try {
            writeControl();
        } catch (IOException gone) {
            breakDown();
        }
        if (!state.compareAndSet(WRITING, IDLE)) {
            state.set(WRITING);
            threads.newThread(this::write).start();
        }
    }

    private boolean hasControl() {
        lock.lock();
        try {
            return control.size() > 0 || closing;
        } finally {
            lock.unlock();
        }
    }

    private void write() {
        Encoder out = new Encoder(2 * SMALL);
        do {
            state.set(WRITING);
            try {
                writeControl();
                while (writeMessages(out)) {
                    writeControl();
                }
            } catch (IOException gone) {
                breakDown();
            }
        } while (!stop());
    }

    private boolean stop() {
        if (!state.compareAndSet(WRITING, IDLE)) {
            return false;
        }
        lock.lock();
        try {
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void writeControl() throws IOException {
        Encoder taken = takeControl();
        if (taken != null) {
            transport.output().write(taken.array(), 0, taken.size());
            meters.bytesSent.add(taken.size());
            giveBack(taken);
        }
        if (isDone()) {
            transport.finishOutput();
            transport.close();
            reader.interrupt();
        }
    }

    private @Nullable Encoder takeControl() {
        lock.lock();
        try {
            if (control.size() == 0 || broken) {
                return null;
            }
            Encoder taken = control;
            control = spare == null ? new Encoder(QUIET) : spare;
            spare = null;
            changed.signalAll();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private void giveBack(Encoder written) {
        if (written.array().length > QUIET && written.array().length <= SMALL) {
            written.clear();
            lock.lock();
            try {
                spare = written;
            } finally {
                lock.unlock();
            }
        }
    }

    private boolean writeMessages(Encoder out) throws IOException {
        Session from = session;
        Session.Attachment as = attachment;
        if (from == null || as == null || isEnding()) {
            return false;
        }
        out.clear();
        from.fill(out, WRITE_BYTES, as, ticker.getAsLong());
        if (out.size() == 0) {
            return false;
        }
        transport.output().write(out.array(), 0, out.size());
        meters.bytesSent.add(out.size());
        return true;
    }

    // --- end -----------------------------------------------------------------------------------------

    /// Whether the last words are out: they may have come up while what was before them was
    /// written.
    private boolean isDone() {
        lock.lock();
        try {
            return closing && control.size() == 0;
        } finally {
            lock.unlock();
        }
    }

    private boolean isEnding() {
        lock.lock();
        try {
            return closing || finished;
        } finally {
            lock.unlock();
        }
    }

    /// Sends what is queued and `last`, then closes the transport. Any thread; does not block on
    /// the client; does nothing the second time.
    void closeAfter(@Nullable Packet last) {
        lock.lock();
        try {
            if (!closing && last != null) {
                send(last);
            }
            closing = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        wake();
    }

    private void breakDown() {
        lock.lock();
        try {
            broken = true;
            control.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        transport.close();
    }

    /// Writes what is queued, and waits for that at most `patience`. The reader only.
    void drain(Duration patience) throws InterruptedException {
        flush();
        long left = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (!broken && left > 0 && state.get() != IDLE) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Waits until what [#closeAfter] queued is written, at most `patience`. The reader only.
    void awaitClosed(Duration patience) throws InterruptedException {
        long left = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (!broken && left > 0 && !(closing && control.size() == 0 && state.get() == IDLE)) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Waits until nobody writes, after the transport was closed.
    void awaitQuiet() {
        breakDown();
        lock.lock();
        try {
            while (state.get() != IDLE) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }
}
