package dev.weir.connect.mqttclient;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What came over one connection and waits for the link's thread, in order. The connection's I/O
/// thread puts and never waits, one thread takes, any thread settles.
///
/// Bounded in messages and in bytes, apart for those that need no acknowledgement (they are
/// counted while they wait) and those that do (until they are acknowledged, since the library keeps
/// them that long): a flood of QoS 0 does not end a connection.
///
/// Where the broker cannot be told how much it may send, the socket is not read while the inbox is
/// full: it then has room for what was read already.
final class Inbox {
    /// What one reading of a socket gives at most, in the smallest messages: 16 KiB where TLS
    /// deciphers a whole record.
    private static final int SLACK = (16 << 10) / 8;

    /// How many messages may wait that need no acknowledgement.
    private static final int MOST_WAITING = 1024;

    private final int most;
    private final long mostBytes;
    private final int maxPacket;
    private final boolean holding;
    private final Runnable resume;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by lock.
    private final ArrayDeque<Arrival> queue = new ArrayDeque<>();
    private int unconfirmed;
    private long unconfirmedBytes;
    private int waiting;
    private long waitingBytes;
    private long dropped;
    private long tooLarge;
    private boolean held;
    private @Nullable List<Integer> granted;
    private @Nullable String over;

    /// What the link's thread is told.
    sealed interface Event {
        /// A message.
        record Came(Arrival message) implements Event {}

        /// Messages that did not fit.
        ///
        /// @param reason the word under which they are counted
        record TurnedAway(String reason, long count) implements Event {}

        /// The broker answered the subscriptions.
        record Granted(List<Integer> codes) implements Event {}

        /// The connection is over, and nothing is left of it.
        record Over(String why) implements Event {}
    }

    /// What became of a message.
    enum Outcome {
        /// It is in, or was counted.
        DONE,
        /// It is in, and nothing more should be read for now.
        FULL,
        /// There is no room: the broker has to be asked for it again, over a new connection.
        OVERRUN
    }

    /// @param most how many messages that need an acknowledgement
    /// @param mostBytes how many bytes of each kind
    /// @param maxPacket the largest message, for brokers that cannot be told
    /// @param holding whether reading can stop
    /// @param resume told when reading may go on; must not block
    Inbox(int most, long mostBytes, int maxPacket, boolean holding, Runnable resume) {
        this.most = most;
        this.mostBytes = mostBytes;
        this.maxPacket = maxPacket;
        this.holding = holding;
        this.resume = resume;
    }

    /// The most memory that an inbox takes, both kinds of messages together.
    static long worstCaseBytes(long mostBytes) {
        return 2 * (mostBytes + (long) SLACK * Arrival.OVERHEAD);
    }

    /// Takes a message in, or counts why not. Does not block.
    Outcome put(Arrival message) {
        lock.lock();
        try {
            if (over != null) {
                return Outcome.DONE;
            }
            if (message.size() <= maxPacket) {
                return enqueue(message);
            }
            tooLarge++;
            changed.signal();
        } finally {
            lock.unlock();
        }
        // It is counted; the broker need not keep it.
        acknowledge(message);
        return Outcome.DONE;
    }

    private Outcome enqueue(Arrival message) {
        int slack = holding ? SLACK : 0;
        long bytes = mostBytes + (long) slack * Arrival.OVERHEAD;
        if (message.qos() == 0) {
            if (waiting >= MOST_WAITING + slack || waitingBytes + message.weight() > bytes) {
                dropped++;
                changed.signal();
                return Outcome.DONE;
            }
            waiting++;
            waitingBytes += message.weight();
        } else {
            if (unconfirmed >= most + slack || unconfirmedBytes + message.weight() > bytes) {
                return Outcome.OVERRUN;
            }
            unconfirmed++;
            unconfirmedBytes += message.weight();
        }
        queue.add(message);
        changed.signal();
        if (holding && isAbove(1)) {
            held = true;
            return Outcome.FULL;
        }
        return Outcome.DONE;
    }

    /// Whether one of the kinds fills `1 / part` of what starts a pause.
    private boolean isAbove(int part) {
        return waiting >= Math.ceilDiv(MOST_WAITING, part)
                || unconfirmed >= Math.ceilDiv(most, part)
                || Math.max(waitingBytes, unconfirmedBytes) >= mostBytes / 2 / part;
    }

    /// Whether reading goes on now. Under the lock.
    private boolean resumes() {
        if (!held || isAbove(2)) {
            return false;
        }
        held = false;
        return true;
    }

    /// The broker's answer to SUBSCRIBE.
    void answered(List<Integer> codes) {
        lock.lock();
        try {
            granted = codes;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Waits for what is next.
    Event take() throws InterruptedException {
        Event next;
        boolean resumes;
        lock.lockInterruptibly();
        try {
            next = next();
            while (next == null) {
                changed.await();
                next = next();
            }
            resumes = resumes();
        } finally {
            lock.unlock();
        }
        if (resumes) {
            resume.run();
        }
        return next;
    }

    private @Nullable Event next() {
        List<Integer> codes = granted;
        if (codes != null) {
            granted = null;
            return new Event.Granted(codes);
        }
        if (tooLarge > 0) {
            long count = tooLarge;
            tooLarge = 0;
            return new Event.TurnedAway("too-large", count);
        }
        if (dropped > 0) {
            long count = dropped;
            dropped = 0;
            return new Event.TurnedAway("overloaded", count);
        }
        Arrival message = queue.poll();
        if (message != null) {
            if (message.qos() == 0) {
                waiting--;
                waitingBytes -= message.weight();
            }
            return new Event.Came(message);
        }
        return over == null ? null : new Event.Over(over);
    }

    /// What is next if it is there. For the end, when nobody waits any more.
    Event rest() {
        lock.lock();
        try {
            Event next = next();
            return next == null ? new Event.Over("the link was closed") : next;
        } finally {
            lock.unlock();
        }
    }

    /// The node is done with a message: tells the broker, unless the connection is over; then it
    /// comes again. Does not block. In which order is no matter: the library acknowledges in the
    /// order in which messages came, as the standard demands (MQTT-4.6.0-2).
    void settle(Arrival message) {
        if (message.qos() == 0) {
            return;
        }
        boolean resumes;
        lock.lock();
        try {
            if (over != null) {
                return;
            }
            unconfirmed--;
            unconfirmedBytes -= message.weight();
            resumes = resumes();
        } finally {
            lock.unlock();
        }
        acknowledge(message);
        if (resumes) {
            resume.run();
        }
    }

    private static void acknowledge(Arrival message) {
        if (message.qos() == 0) {
            return;
        }
        try {
            message.acknowledge().run();
        } catch (RejectedExecutionException connectionIsOver) {
            // The broker sends it again.
        }
    }

    /// The connection is over: what the broker sends again is thrown away, QoS 0 is not.
    void end(String why) {
        lock.lock();
        try {
            over = why;
            queue.removeIf(message -> message.qos() > 0);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }
}
