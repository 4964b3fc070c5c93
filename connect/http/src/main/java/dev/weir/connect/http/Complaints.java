package dev.weir.connect.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// Logs what clients do wrong at most once a minute for each reason, since a hostile client decides
/// how often it happens. Thread-safe; bounded by the number of reasons.
final class Complaints {
    private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Logger log;
    private final String source;
    private final LongSupplier ticker;
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    private record Entry(long loggedAt, long silent) {}

    Complaints(Logger log, String source, LongSupplier ticker) {
        this.log = log;
        this.source = source;
        this.ticker = ticker;
    }

    /// Notes a request that was turned away.
    void note(Refusal refusal, String client) {
        Entry last = due(refusal.reason);
        if (last != null) {
            log.atInfo()
                    .addKeyValue("source", source)
                    .addKeyValue("reason", refusal.reason)
                    .addKeyValue("client", client)
                    .addKeyValue("detail", printable(refusal.detail()))
                    .addKeyValue("more-since-last", last.silent)
                    .log("http request refused");
        }
    }

    /// Notes a mistake of ours.
    void bug(Exception bug) {
        if (due("bug") != null) {
            log.atError().addKeyValue("source", source).setCause(bug).log("http request failed");
        }
    }

    private @Nullable Entry due(String reason) {
        long now = ticker.getAsLong();
        @Nullable Entry[] due = new @Nullable Entry[1];
        entries.compute(reason, (_, old) -> {
            if (old == null || now - old.loggedAt >= PAUSE_NANOS) {
                due[0] = old == null ? new Entry(now, 0) : old;
                return new Entry(now, 0);
            }
            return new Entry(old.loggedAt, old.silent + 1);
        });
        return due[0];
    }

    private static String printable(String text) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), 120));
        text.codePoints().limit(120).forEach(c -> out.appendCodePoint(Character.isISOControl(c) || c == '"' ? '?' : c));
        return out.toString();
    }
}
