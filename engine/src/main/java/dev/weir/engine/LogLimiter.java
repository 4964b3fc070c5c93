package dev.weir.engine;

import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Lets a line into the log at most once a minute for each reason, since others decide how often it
/// happens: a hostile client, a device that fails with every reading, a server that is away.
/// Thread-safe; bounded by the number of reasons, which must be a fixed one.
public final class LogLimiter {
    private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int LONGEST = 120;

    private final LongSupplier nanoTime;
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    private record Entry(long loggedAt, long silent) {}

    /// @param nanoTime a clock such as [System#nanoTime]
    public LogLimiter(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// Asks for a line.
    ///
    /// @param reason one of a fixed set of words
    /// @return how many were kept back since the last one; empty where this one is to be, too
    public OptionalLong due(String reason) {
        long now = nanoTime.getAsLong();
        OptionalLong[] due = {OptionalLong.empty()};
        entries.compute(reason, (_, old) -> {
            if (old == null || now - old.loggedAt >= PAUSE_NANOS) {
                due[0] = OptionalLong.of(old == null ? 0 : old.silent);
                return new Entry(now, 0);
            }
            return new Entry(old.loggedAt, old.silent + 1);
        });
        return due[0];
    }

    /// What a device chose, such that it forges no lines of the log: without control characters and
    /// quotes, 120 characters of it.
    public static String printable(String text) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), LONGEST));
        text.codePoints()
                .limit(LONGEST)
                .forEach(c -> out.appendCodePoint(Character.isISOControl(c) || c == '"' ? '?' : c));
        return out.toString();
    }
}
