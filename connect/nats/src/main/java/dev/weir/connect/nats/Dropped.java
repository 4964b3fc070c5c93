package dev.weir.connect.nats;

import dev.weir.engine.Inlet;
import dev.weir.engine.LogLimiter;
import io.nats.client.Dispatcher;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts what jnats dropped because its own queue was full, which happens when messages come
/// faster than they can even be counted. Thread-safe.
final class Dropped {
    /// The reason under which it is counted.
    static final String SLOW = "slow-consumer";

    private static final Logger LOG = LoggerFactory.getLogger(Dropped.class);

    private final LogLimiter limiter = new LogLimiter(System::nanoTime);
    private final Inlet inlet;

    // Guarded by this.
    private @Nullable Dispatcher dispatcher;
    private long counted;

    Dropped(Inlet inlet) {
        this.inlet = inlet;
    }

    /// A new connection has a new count.
    synchronized void begin(Dispatcher now) {
        dispatcher = now;
        counted = 0;
    }

    /// Counts what was dropped since the last time.
    void count() {
        for (long i = fresh(); i > 0; i--) {
            inlet.rejected(SLOW);
        }
    }

    private synchronized long fresh() {
        Dispatcher now = dispatcher;
        if (now == null) {
            return 0;
        }
        long all = now.getDroppedCount();
        long fresh = all - counted;
        counted = all;
        return fresh;
    }

    /// Counts for the last time on this connection, which has ended: what jnats had taken and not
    /// passed on goes with it.
    void end() {
        count();
        long left;
        synchronized (this) {
            left = dispatcher == null ? 0 : dispatcher.getPendingMessageCount();
            dispatcher = null;
        }
        for (long i = left; i > 0; i--) {
            inlet.rejected("link-lost");
        }
    }

    /// Says that messages are dropped, once a minute at most.
    void complain() {
        if (limiter.due(SLOW).isPresent()) {
            LOG.warn("messages are dropped since the node is slower than they come reason={}", SLOW);
        }
    }
}
