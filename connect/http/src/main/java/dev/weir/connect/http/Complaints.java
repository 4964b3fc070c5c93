package dev.weir.connect.http;

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

    /// Notes a request that was turned away.
    void note(Refusal refusal, String client) {
        limiter.due(refusal.reason)
                .ifPresent(silent -> log.atInfo()
                        .addKeyValue("source", source)
                        .addKeyValue("reason", refusal.reason)
                        .addKeyValue("client", client)
                        .addKeyValue("detail", LogLimiter.printable(refusal.detail()))
                        .addKeyValue("more-since-last", silent)
                        .log("http request refused"));
    }

    /// Notes a mistake of ours.
    void bug(Exception bug) {
        if (limiter.due("bug").isPresent()) {
            log.atError().addKeyValue("source", source).setCause(bug).log("http request failed");
        }
    }
}
