package dev.weir.connect.coap;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends the empty ACK where an answer takes longer than a second: well before the device repeats
/// its message, which it does after two seconds or more. One look at all that wait, in the order in
/// which they began, costs less than a timer for each, most of which would be cancelled at once.
/// Holds what is not answered yet, and what was answered behind it. Thread-safe.
final class Acknowledgements {
    private static final Logger LOG = LoggerFactory.getLogger(Acknowledgements.class);
    private static final long AFTER_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LOOK_MILLIS = 250;

    private final LongSupplier nanoClock;
    private final ConcurrentLinkedDeque<Waiting> waiting = new ConcurrentLinkedDeque<>();

    /// A request that waits for its answer.
    interface Awaited {
        boolean isAnswered();

        /// Sends the empty ACK.
        void acknowledge();
    }

    private record Waiting(Awaited request, long since) {}

    /// @param timer looks after those that wait, until it is shut down
    Acknowledgements(ScheduledExecutorService timer, LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        var _ = timer.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    void add(Awaited request) {
        forgetAnswered();
        waiting.add(new Waiting(request, nanoClock.getAsLong()));
    }

    private void forgetAnswered() {
        for (Waiting first = waiting.peek(); first != null && first.request.isAnswered(); first = waiting.peek()) {
            waiting.removeFirstOccurrence(first);
        }
    }

    private void look() {
        long now = nanoClock.getAsLong();
        for (Waiting first = waiting.peek();
                first != null && (first.request.isAnswered() || now - first.since >= AFTER_NANOS);
                first = waiting.peek()) {
            if (waiting.removeFirstOccurrence(first) && !first.request.isAnswered()) {
                acknowledge(first.request);
            }
        }
    }

    /// What fails must not end the looking.
    private static void acknowledge(Awaited request) {
        try {
            request.acknowledge();
        } catch (RuntimeException closing) {
            LOG.debug("An empty ACK was not sent", closing);
        }
    }
}
