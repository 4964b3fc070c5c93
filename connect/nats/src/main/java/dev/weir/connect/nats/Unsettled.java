package dev.weir.connect.nats;

import dev.weir.connect.nats.Handover.Settlement;
import io.nats.client.Connection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The messages of a stream that are here and that the server has not been told about. They outlive
/// a connection: what is settled while there is none is acknowledged on the next one, and a message
/// that comes again meanwhile is known. Thread-safe, and bounded by asking for no more than there
/// is [#room] for.
final class Unsettled {
    private static final byte[] ACK = "+ACK".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TERM = "+TERM".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] IN_PROGRESS = "+WPI".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NAK = "-NAK {\"delay\": 1000000000}".getBytes(StandardCharsets.US_ASCII);

    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /// By their number in the stream. Guarded by lock.
    private final Map<Long, Entry> entries = new LinkedHashMap<>();

    /// Null while there is none. Guarded by lock.
    private @Nullable Connection connection;

    Unsettled(int most) {
        this.most = most;
    }

    /// One message.
    final class Entry implements Settlement {
        private final long number;

        /// Where the server wants its answer. Guarded by lock.
        private String reply;

        /// What is to be answered once there is a connection. Guarded by lock.
        private byte @Nullable [] answer;

        private Entry(long number, String reply) {
            this.number = number;
            this.reply = reply;
        }

        @Override
        public void taken() {
            settle(this, ACK);
        }

        @Override
        public void refused() {
            settle(this, NAK);
        }

        /// Nobody wants it, nor ever will.
        void unwanted() {
            settle(this, TERM);
        }
    }

    /// Notes a message.
    ///
    /// @return empty if it is here already: it came again
    Optional<Entry> add(long number, String reply) {
        Entry known;
        byte[] answer;
        lock.lock();
        try {
            known = entries.get(number);
            if (known == null) {
                Entry fresh = new Entry(number, reply);
                entries.put(number, fresh);
                return Optional.of(fresh);
            }
            known.reply = reply;
            answer = known.answer;
        } finally {
            lock.unlock();
        }
        if (answer != null) {
            settle(known, answer);
        }
        return Optional.empty();
    }

    private void settle(Entry entry, byte[] answer) {
        Connection to;
        String reply;
        lock.lock();
        try {
            if (entries.get(entry.number) != entry) {
                return;
            }
            entry.answer = answer;
            to = connection;
            reply = entry.reply;
        } finally {
            lock.unlock();
        }
        if (to != null && publish(to, reply, answer)) {
            remove(entry);
        }
    }

    private void remove(Entry entry) {
        lock.lock();
        try {
            entries.remove(entry.number, entry);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Sends without waiting: jnats's queue has room for more than can be unsettled.
    private static boolean publish(Connection to, String reply, byte[] answer) {
        try {
            to.publish(reply, answer);
            return true;
        } catch (IllegalStateException | IllegalArgumentException lost) {
            // The connection is over; the next one gets the answer.
            return false;
        }
    }

    /// There is a connection: answers what was settled meanwhile.
    ///
    /// @return how many messages were or are unsettled
    int connected(Connection now) {
        Map<Entry, byte[]> answered = new LinkedHashMap<>();
        int known;
        lock.lock();
        try {
            connection = now;
            known = entries.size();
            for (Entry entry : entries.values()) {
                if (entry.answer != null) {
                    answered.put(entry, entry.answer);
                }
            }
        } finally {
            lock.unlock();
        }
        answered.forEach(this::settle);
        return known;
    }

    /// There is none any more.
    void disconnected() {
        lock.lock();
        try {
            connection = null;
        } finally {
            lock.unlock();
        }
    }

    /// Asks the server for more time for each message that is not settled.
    void inProgress() {
        Connection to;
        List<String> replies = new ArrayList<>();
        lock.lock();
        try {
            to = connection;
            entries.values().stream().filter(entry -> entry.answer == null).forEach(entry -> replies.add(entry.reply));
        } finally {
            lock.unlock();
        }
        // What waits to be written would be followed by ever more of these.
        if (to != null && to.outgoingPendingMessageCount() == 0) {
            replies.forEach(reply -> publish(to, reply, IN_PROGRESS));
        }
    }

    /// Waits until a quarter of the room is free, so that few requests ask for many messages.
    ///
    /// @return how many messages there is room for; 0 if that took too long
    int room(Duration patience) throws InterruptedException {
        long left = patience.toNanos();
        int worthwhile = Math.max(1, most / 4);
        lock.lockInterruptibly();
        try {
            while (most - entries.size() < worthwhile && left > 0) {
                left = changed.awaitNanos(left);
            }
            int room = most - entries.size();
            return room < worthwhile ? 0 : room;
        } finally {
            lock.unlock();
        }
    }
}
