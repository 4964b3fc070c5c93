package dev.weir.connect.mqttclient;

import dev.weir.connect.mqttclient.Packet.Kind;
import dev.weir.connect.mqttclient.Packet.Step;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The messages of one connection that the broker has not acknowledged. Thread-safe; bounded by
/// permits.
final class Flight {
    private final Connection connection;
    private final Encoder encoder;
    private final Semaphore slots;
    private final Map<Integer, Sent> sent = new ConcurrentHashMap<>();

    /// Guarded by this.
    private int lastId;

    /// Guarded by this. Null while the connection lives.
    private @Nullable String over;

    /// One message.
    ///
    /// @param since when it was sent
    /// @param answer how it ended: completed with what the broker said, or failed with the
    ///     connection
    record Sent(int id, long since, CompletableFuture<Answer> answer) {}

    /// What the broker said in the end.
    ///
    /// @param reason below 0x80 when it has the message
    record Answer(int reason, @Nullable String text) {}

    Flight(Connection connection, Encoder encoder, int most) {
        this.connection = connection;
        this.encoder = encoder;
        this.slots = new Semaphore(most);
    }

    /// Waits for room and reserves an identifier.
    ///
    /// @throws IOException if the connection is over, or there is no room within `patience`
    Sent reserve(Duration patience) throws IOException, InterruptedException {
        if (!slots.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new IOException("the broker acknowledged nothing for " + patience.toMillis() + " ms");
        }
        Sent next;
        synchronized (this) {
            if (over != null) {
                slots.release();
                throw new IOException(over);
            }
            do {
                lastId = lastId % 0xffff + 1;
            } while (sent.containsKey(lastId));
            next = new Sent(lastId, Connection.now(), new CompletableFuture<>());
            sent.put(lastId, next);
        }
        return next;
    }

    /// A packet about a message. For the link's thread.
    void take(Step step) throws IOException, InterruptedException {
        Sent about = sent.get(step.id());
        boolean failed = Reason.isFailure(step.reason());
        switch (step.kind()) {
            case PUBACK, PUBCOMP -> end(about, step);
            case PUBREC -> {
                if (failed) {
                    end(about, step);
                } else {
                    connection.send(encoder.step(Kind.PUBREL, step.id()));
                }
            }
            case PUBREL -> throw new IOException("the broker released a message that it never sent");
        }
    }

    private void end(@Nullable Sent about, Step step) {
        if (about != null && sent.remove(about.id(), about)) {
            slots.release();
            about.answer().complete(new Answer(step.reason(), step.text()));
        }
    }

    /// Since when the oldest message waits; 0 when none does.
    long oldest() {
        long oldest = 0;
        for (Sent one : sent.values()) {
            oldest = oldest == 0 || one.since() - oldest < 0 ? one.since() : oldest;
        }
        return oldest;
    }

    /// The connection is over: nothing of what is under way will be answered.
    void over(String why) {
        synchronized (this) {
            over = why;
        }
        IOException lost = new IOException("the connection was lost before the acknowledgement: " + why);
        for (Sent one : List.copyOf(sent.values())) {
            if (sent.remove(one.id(), one)) {
                slots.release();
                one.answer().completeExceptionally(lost);
            }
        }
    }
}
