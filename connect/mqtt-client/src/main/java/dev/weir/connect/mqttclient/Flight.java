package dev.weir.connect.mqttclient;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The messages of one connection that the broker has not acknowledged; with QoS 0, that the system
/// has not taken. Thread-safe; bounded by permits.
final class Flight {
    private final Connection connection;
    private final Semaphore slots;
    private final Set<Sent> sent = ConcurrentHashMap.newKeySet();

    /// Guarded by this. Null while the connection lives.
    private @Nullable String over;

    /// One message; equal only to itself.
    static final class Sent {
        private final long since = System.nanoTime();
        private final CompletableFuture<Client.Answer> answer = new CompletableFuture<>();

        /// How it ended: completed with what the broker said, or failed with the connection.
        CompletableFuture<Client.Answer> answer() {
            return answer;
        }
    }

    Flight(Connection connection, int most) {
        this.connection = connection;
        this.slots = new Semaphore(most);
    }

    /// Waits for room and sends.
    ///
    /// @throws IOException if the connection is over, or there is no room within `patience`
    Sent send(Outgoing message, Duration patience) throws IOException, InterruptedException {
        if (!slots.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new IOException("the broker acknowledged nothing for " + patience.toMillis() + " ms");
        }
        Sent next = new Sent();
        synchronized (this) {
            if (over != null) {
                slots.release();
                throw new IOException(over);
            }
            sent.add(next);
        }
        CompletableFuture<Void> _ = connection.publish(message).handle((answer, failed) -> {
            if (failed == null) {
                next.answer.complete(answer);
            } else {
                next.answer.completeExceptionally(lost(failed));
            }
            landed(next);
            return null;
        });
        return next;
    }

    private IOException lost(Throwable failed) {
        String why = connection.end();
        return new IOException(
                "the connection was lost before the acknowledgement: " + (why.isEmpty() ? Reason.why(failed) : why),
                failed);
    }

    private void landed(Sent one) {
        if (sent.remove(one)) {
            slots.release();
        }
    }

    /// Whether a message waits longer than `patience`.
    boolean isLate(Duration patience) {
        long now = System.nanoTime();
        return sent.stream().anyMatch(one -> now - one.since > patience.toNanos());
    }

    /// The connection is over: nothing of what is under way will be answered.
    void over(String why) {
        synchronized (this) {
            over = why;
        }
        IOException lost = new IOException("the connection was lost before the acknowledgement: " + why);
        for (Sent one : List.copyOf(sent)) {
            one.answer.completeExceptionally(lost);
            landed(one);
        }
    }
}
