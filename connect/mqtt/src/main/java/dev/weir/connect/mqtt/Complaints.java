package dev.weir.connect.mqtt;

import static dev.weir.engine.LogLimiter.printable;

import dev.weir.engine.LogLimiter;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/// Logs what clients do wrong at most once a minute for each reason. Thread-safe.
final class Complaints {
    private final Logger log;
    private final String source;
    private final LogLimiter limiter;

    Complaints(Logger log, String source, LongSupplier ticker) {
        this.log = log;
        this.source = source;
        this.limiter = new LogLimiter(ticker);
    }

    /// Notes a mistake of a client.
    ///
    /// @param reason one of a fixed set of words
    void note(String reason, String client, String detail) {
        limiter.due(reason)
                .ifPresent(silent -> log.info(
                        "mqtt client refused source={} reason={} client={} detail=\"{}\" more-since-last={}",
                        source,
                        reason,
                        printable(client),
                        printable(detail),
                        silent));
    }

    /// Notes a mistake of ours that ended a connection.
    void bug(String client, RuntimeException bug) {
        if (limiter.due("bug").isPresent()) {
            log.error("mqtt connection failed source={} client={}", source, printable(client), bug);
        }
    }
}
