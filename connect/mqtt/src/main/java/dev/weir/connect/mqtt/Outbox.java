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

    private static final int WRITER_BYTES = 2 * 1024;

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
    private final ControlPackets control;
    private final Unsettled unsettled = new Unsettled();
    /// Nothing is queued or written behind what is queued now.
    private boolean finished;
    /// When what is queued is written, the transport is closed.
    private boolean closing;
    private boolean broken;

    // only the reader: sizes when it last held the lock; they can only have shrunk since
    private int seenUnsettled;
    private int seenControl;

    /// Written by the reader: messages wait until it has written its acknowledgements.
    private volatile boolean messagesHeld;

    /// Written under the lock; read by the writer.
    private volatile @Nullable Session session;
    private volatile Session.@Nullable Attachment attachment;

    Outbox(Transport transport, ThreadFactory threads, MqttMeters meters, LongSupplier ticker, Thread reader) {
        this.transport = transport;
        this.threads = threads;
        this.meters = meters;
        this.ticker = ticker;
        this.reader = reader;
        this.control = new ControlPackets(meters);
    }

    /// How packets are written from now on.
    ///
    /// @param reasonStrings whether acknowledgements may say more than their code
    /// @param packetBytes nothing larger is sent
    void speak(Version version, boolean reasonStrings, int packetBytes) {
        lock.lock();
        try {
            control.speak(version, reasonStrings, packetBytes);
        } finally {
            lock.unlock();
        }
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
            if (!isEnding()) {
                control.write(packet);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Queues the last packet: no message and no acknowledgement follows it (MQTT-3.14.4-1). Any
    /// thread; does not block on the client.
    ///
    /// @param shorter what is sent instead if the packet is larger than the client takes
    void sendLast(Packet packet, Packet shorter) {
        lock.lock();
        try {
            if (!isEnding() && !control.write(packet)) {
                control.write(shorter);
            }
            finished = true;
        } finally {
            lock.unlock();
        }
    }

    /// Under the lock.
    private boolean isEnding() {
        return finished || closing || broken;
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
        if (isEnding()) {
            return;
        }
        PacketType type = message.qos == 1 ? PacketType.PUBACK : PacketType.PUBREC;
        Reason reason = message.reason();
        Session owner = session;
        if (reason.isError() && message.qos == 2 && owner != null) {
            owner.released(message.packetId);
        }
        if (control.version() != Version.V5 && reason == Reason.QUOTA_EXCEEDED) {
            // 3.1.1 cannot say no: without an answer the client sends it again over the next
            // connection (MQTT-3.3.5-2).
            closing = true;
        } else if (control.version() != Version.V5 || reason == Reason.SUCCESS) {
            control.acknowledge(type, message.packetId);
        } else {
            control.acknowledge(type, message.packetId, reason, message.detail());
        }
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

    /// Writes what the reader has no time to write, because it waits for a pipeline. Any thread;
    /// does not block on the client.
    void wakeIfHeld() {
        if (messagesHeld || hasControl()) {
            wake();
        }
    }

    // --- writing -----------------------------------------------------------------------------------

    /// Sees to it that messages are written that wait for the client. Any thread; does not block on
    /// the client. What the client's own packets caused follows on their acknowledgements: many a
    /// client expects the PUBACK of its message before the message.
    void wakeForMessages() {
        if (Thread.currentThread().equals(reader)) {
            messagesHeld = true;
        } else {
            wake();
        }
    }

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
        if (hasControl()) {
            flushControl();
        }
        if (messagesHeld) {
            messagesHeld = false;
            wake();
        }
    }

    private void flushControl() {
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
        Encoder out = new Encoder(WRITER_BYTES);
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
            Encoder taken = broken ? null : control.take();
            if (taken != null) {
                changed.signalAll();
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private void giveBack(Encoder written) {
        lock.lock();
        try {
            control.giveBack(written);
        } finally {
            lock.unlock();
        }
    }

    private boolean writeMessages(Encoder out) throws IOException {
        Session from = session;
        Session.Attachment as = attachment;
        if (from == null || as == null || endsSoon()) {
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

    private boolean endsSoon() {
        lock.lock();
        try {
            return isEnding();
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
        discard();
        transport.close();
    }

    /// Gives up what is queued. Nothing more is written, except what is being written now.
    ///
    /// @return whether nothing is
    boolean discard() {
        lock.lock();
        try {
            broken = true;
            control.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        return state.get() == IDLE;
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

    /// Closes the transport and waits until nobody writes.
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
