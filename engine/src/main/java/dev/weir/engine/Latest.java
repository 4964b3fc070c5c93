package dev.weir.engine;

import java.util.List;
import java.util.Optional;

/// The last reading of each device in each stream. Thread-safe. Bounded: the least recently heard
/// device goes first.
public interface Latest {
    /// The last reading of a device in a stream.
    Optional<Reading> find(String stream, String device);

    /// The last reading of every device of a stream, sorted by device; empty for an unknown stream.
    List<Reading> of(String stream);

    /// The names of the streams that have readings.
    List<String> streams();

    /// Calls `listener` after each change of that value, until the subscription is closed. The
    /// listener runs on a pipeline's thread: it must not block and must not throw.
    Subscription watch(String stream, String device, Runnable listener);

    /// Ends with [#close].
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
