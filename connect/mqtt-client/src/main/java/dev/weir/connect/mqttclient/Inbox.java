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
final class Inbox {
    private final int most;
    private final long mostBytes;
    private final int maxPacket;
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
    private int overflow;
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

    /// @param most how many messages of each kind
    /// @param mostBytes how many bytes of each kind
    /// @param maxPacket the largest message, for brokers that cannot be told
    Inbox(int most, long mostBytes, int maxPacket) {
        this.most = most;
        this.mostBytes = mostBytes;
        this.maxPacket = maxPacket;
    }

    /// Takes a message in, or counts why not. Does not block.
    ///
    /// @return false when the broker has to be asked for it again, over a new connection
    boolean put(Arrival message) {
        lock.lock();
        try {
            if (over != null) {
                return true;
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
        return true;
    }

    private boolean enqueue(Arrival message) {
        if (message.qos() == 0) {
            if (waiting >= most || waitingBytes + message.weight() > mostBytes) {
                dropped++;
                return true;
            }
            waiting++;
            waitingBytes += message.weight();
        } else {
            if (unconfirmed >= most || unconfirmedBytes + message.weight() > mostBytes) {
                overflow = unconfirmed;
                return false;
            }
            unconfirmed++;
            unconfirmedBytes += message.weight();
        }
        queue.add(message);
        changed.signal();
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
        lock.lockInterruptibly();
        try {
            while (true) {
                Event next = next();
                if (next != null) {
                    return next;
                }
                changed.await();
            }
        } finally {
            lock.unlock();
        }
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
        lock.lock();
        try {
            if (over != null) {
                return;
            }
            unconfirmed--;
            unconfirmedBytes -= message.weight();
        } finally {
            lock.unlock();
        }
        acknowledge(message);
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

    /// How many messages were unacknowledged when one more did not fit; 0 when that did not happen.
    int overflow() {
        lock.lock();
        try {
            return overflow;
        } finally {
            lock.unlock();
        }
    }
}
