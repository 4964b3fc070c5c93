package dev.weir.connect.mqtt;

import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A connection's way out: what is to be written, and in which order. Its [Writer] writes it.
///
/// Thread-safe. Acknowledgements leave in the order in which messages came (MQTT-4.6.0-2), also
/// when the inlet settles them in another. Bounded: encoded control packets ([#CONTROL_BYTES], then
/// the reader waits) and unsettled messages (receive maximum).
final class Outbox {
    /// Control packets that wait; beyond, the reader waits and so the client.
    static final int CONTROL_BYTES = 64 * 1024;

    private final Thread reader;
    private final Writer writer;

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

    /// Written by the reader; read by the writer.
    private volatile @Nullable Session session;
    private volatile Session.@Nullable Attachment attachment;

    Outbox(Transport transport, ThreadFactory threads, MqttMeters meters, LongSupplier ticker, Thread reader) {
        this.reader = reader;
        this.writer = new Writer(this, transport, threads, meters, ticker, reader);
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
        Session owner = session;
        if (message.reason().isError() && message.qos == 2 && owner != null) {
            owner.released(message.packetId);
        }
        if (!control.acknowledge(message)) {
            closing = true;
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
        if (writer.isWriting()) {
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
        writer.wake();
    }

    /// Writes the control packets there are; messages are left to the writer. The reader only.
    void flush() {
        if (hasControl()) {
            writer.writeControlNow();
        }
        if (messagesHeld) {
            messagesHeld = false;
            wake();
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

    // --- what the writer asks for ------------------------------------------------------------------

    /// Takes the control packets that wait; null if there are none. To be given back when they are
    /// written.
    @Nullable
    Encoder takeControl() {
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

    void giveBack(Encoder written) {
        lock.lock();
        try {
            control.giveBack(written);
        } finally {
            lock.unlock();
        }
    }

    /// Adds messages of the session, up to about `maxBytes`, unless the end is near.
    void fill(Encoder out, int maxBytes, long now) {
        Session from = session;
        Session.Attachment as = attachment;
        if (from != null && as != null && !endsSoon()) {
            from.fill(out, maxBytes, as, now);
        }
    }

    /// Takes note that nobody writes any more.
    void written() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // --- end -----------------------------------------------------------------------------------------

    /// Whether the last words are out: they may have come up while what was before them was
    /// written.
    boolean isDone() {
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
        return !writer.isWriting();
    }

    /// Writes what is queued, and waits for that at most `patience`. The reader only.
    void drain(Duration patience) throws InterruptedException {
        flush();
        long left = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (!broken && left > 0 && writer.isWriting()) {
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
            while (!broken && left > 0 && !(closing && control.size() == 0 && !writer.isWriting())) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Closes the transport and waits until nobody writes.
    void awaitQuiet() {
        writer.breakDown();
        lock.lock();
        try {
            while (writer.isWriting()) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }
}
