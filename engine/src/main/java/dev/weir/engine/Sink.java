package dev.weir.engine;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// A way out for readings: the store, a webhook, another broker. The engine gives each sink a
/// bounded queue and calls it
/// from one thread at a time for each partition of devices, so that order by device is kept. Only
/// a call that hangs and does not end when it is interrupted is left behind, and another one made.
///
/// Life: constructed → [#open] → many [#write] → [#close].
public interface Sink extends AutoCloseable {
    /// Prepares to write. A peer that is away is no error: `write` will say so.
    void open() throws IOException, InterruptedException;

    /// Writes the readings in order and returns when the other side has them: that completes them.
    ///
    /// The readings are shared and must not be changed; the list must not be kept.
    ///
    /// @throws IOException if it may work later: the engine retries the same list with back-off
    /// @throws Refused if these readings will never be taken: the engine makes dead letters of
    ///     them and goes on
    void write(List<Reading> batch) throws IOException, InterruptedException;

    /// How many readings one `write` takes at most.
    default int batch() {
        return 256;
    }

    /// Whether readings that are written twice count once, and two threads may write the same at
    /// once. The config may then have a write sent a second time when its answer takes long.
    default boolean idempotent() {
        return false;
    }

    /// How long one `write` may take at most, with all that it tries by itself. One that takes
    /// longer is taken to hang: it is interrupted, and the same readings are written again.
    default Duration patience() {
        return Duration.ofMinutes(1);
    }

    /// Ends it. When it returns nothing will be written any more.
    @Override
    void close();

    /// Readings that the other side will never take, however often they are sent.
    final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        public Refused(String message) {
            super(message, null, false, false);
        }
    }
}
