package dev.weir.connect.nats;

import dev.weir.engine.Sink.Refused;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The messages that are under way and not acknowledged. Thread-safe; bounded by permits, which
/// come back with the answer.
final class Flight {
    private static final Pattern DENIED = Pattern.compile("(?i)publish to \"([^\"]*)\"");

    private final Semaphore permits;
    private final Set<Sent> sent = ConcurrentHashMap.newKeySet();

    /// One message. Its identity counts.
    static final class Sent {
        final String subject;

        /// Completed when the other side has it; fails if it will not.
        final CompletableFuture<Void> answer = new CompletableFuture<>();

        private Sent(String subject) {
            this.subject = subject;
        }
    }

    Flight(int most) {
        // Fair, so that a thread that wants several gets them some day.
        this.permits = new Semaphore(most, true);
    }

    /// Waits for room for that many messages.
    void reserve(int messages) throws InterruptedException {
        permits.acquire(messages);
    }

    /// Gives room back that was not used.
    void release(int messages) {
        permits.release(messages);
    }

    /// Notes a message, for which there must be room. Its answer gives the room back.
    Sent begin(String subject) {
        Sent next = new Sent(subject);
        sent.add(next);
        var _ = next.answer.whenComplete((_, _) -> {
            sent.remove(next);
            permits.release();
        });
        return next;
    }

    /// What the server objects to: it says so of a subject and not of a message.
    void error(String text) {
        Matcher about = DENIED.matcher(text);
        if (!about.find()) {
            return;
        }
        for (Sent one : sent) {
            if (one.subject.equals(about.group(1))) {
                one.answer.completeExceptionally(new Refused("the server does not allow to publish to '" + one.subject
                        + "': give the user that right, or change 'subject'"));
            }
        }
    }
}
