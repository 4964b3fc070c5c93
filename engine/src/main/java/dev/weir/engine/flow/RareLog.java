package dev.weir.engine.flow;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
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
        long now = clock.nanoTime();
        long due = next.get();
        if (now - due < 0 || !next.compareAndSet(due, now + MINUTE)) {
            skipped.increment();
            return;
        }
        log.atLevel(cause instanceof Error ? Level.ERROR : Level.WARN)
                .setMessage(message)
                .addKeyValue("in", subject)
                .addKeyValue("reason", cause.getMessage())
                .addKeyValue("not-logged-before", skipped.sumThenReset())
                .setCause(cause instanceof IOException ? null : cause)
                .log();
    }
}
