package dev.weir.connect.mqtt;

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

    /// Notes a mistake of a client.
    ///
    /// @param reason one of a fixed set of words
    void note(String reason, String client, String detail) {
        Entry last = due(reason);
        if (last != null) {
            log.info(
                    "mqtt client refused source={} reason={} client={} detail=\"{}\" more-since-last={}",
                    source,
                    reason,
                    printable(client),
                    printable(detail),
                    last.silent);
        }
    }

    /// Notes a mistake of ours that ended a connection.
    void bug(String client, RuntimeException bug) {
        if (due("bug") != null) {
            log.error("mqtt connection failed source={} client={}", source, printable(client), bug);
        }
    }

    /// What is known of a reason if it is to be logged now; null if that was done a moment ago.
    private @Nullable Entry due(String reason) {
        long now = ticker.getAsLong();
        @Nullable Entry[] due = new @Nullable Entry[1];
        entries.compute(reason, (word, old) -> {
            if (old == null || now - old.loggedAt >= PAUSE_NANOS) {
                due[0] = old == null ? new Entry(now, 0) : old;
                return new Entry(now, 0);
            }
            return new Entry(old.loggedAt, old.silent + 1);
        });
        return due[0];
    }

    /// What a device chose must not forge lines of the log.
    static String printable(String text) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), 120));
        text.codePoints().limit(120).forEach(c -> out.appendCodePoint(Character.isISOControl(c) || c == '"' ? '?' : c));
        return out.toString();
    }
}
