package dev.weir.engine.flow;

import dev.weir.engine.Reading;
import dev.weir.engine.Span;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/// Logs the first of many equal events and then one a minute, with how many were not logged: what
/// a device can cause as often as it likes must not fill the log. Thread-safe.
final class RareLog {
    private static final long MINUTE = 60_000_000_000L;

    private final Logger log;
    private final FlowClock clock;
    private final AtomicLong next;
    private final LongAdder skipped = new LongAdder();

    RareLog(Logger log, FlowClock clock) {
        this.log = log;
        this.clock = clock;
        this.next = new AtomicLong(clock.nanoTime());
    }

    /// Logs `message` about `subject` if its time has come: with the stack trace, unless it is an
    /// `IOException`, which says what the other side did and not where we stood.
    void warn(String message, String subject, Throwable cause) {
        warn(message, subject, "", null, cause);
    }

    /// The same, about a reading.
    void warn(String message, String subject, Reading reading, Throwable cause) {
        warn(message, subject, reading.device(), reading.trace(), cause);
    }

    /// The same, about what a device caused.
    ///
    /// @param device empty if unknown
    /// @param trace null if nothing follows it
    void warn(String message, String subject, String device, @Nullable Span trace, Throwable cause) {
        long now = clock.nanoTime();
        long due = next.get();
        if (now - due < 0 || !next.compareAndSet(due, now + MINUTE)) {
            skipped.increment();
            return;
        }
        var line = log.atLevel(cause instanceof Error ? Level.ERROR : Level.WARN)
                .setMessage(message)
                .addKeyValue("in", subject);
        if (!device.isEmpty()) {
            line = line.addKeyValue("device", device);
        }
        if (trace != null) {
            line = line.addKeyValue("trace", trace.traceId());
        }
        line.addKeyValue("reason", cause.getMessage())
                .addKeyValue("not-logged-before", skipped.sumThenReset())
                .setCause(cause instanceof IOException ? null : cause)
                .log();
    }
}
