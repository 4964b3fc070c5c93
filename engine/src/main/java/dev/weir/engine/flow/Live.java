package dev.weir.engine.flow;

import dev.weir.engine.Reading;
import dev.weir.runtime.Channel;
import dev.weir.runtime.ReceiveOnClosedException;
import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Shows what happens, as it happens, to whoever subscribes. Nearly free while nobody does.
/// Publishing never blocks: a subscriber that is too slow loses what it has not read for longest,
/// and can tell how much. Thread-safe.
public final class Live {
    /// How many may subscribe at once.
    public static final int SUBSCRIBERS = 256;

    private final CopyOnWriteArrayList<Subscriber> subscribers = new CopyOnWriteArrayList<>();

    /// Subscribes to what `wanted` says yes to.
    ///
    /// @param capacity how many events may wait, at least 1
    /// @param wanted called by the thread that publishes: must be quick and must not throw
    /// @throws IllegalStateException if there are [#SUBSCRIBERS] already
    public Subscriber subscribe(int capacity, Predicate<LiveEvent> wanted) {
        var subscriber = new Subscriber(capacity, wanted);
        synchronized (this) {
            if (subscribers.size() >= SUBSCRIBERS) {
                throw new IllegalStateException("there are " + SUBSCRIBERS + " live subscribers already; close one");
            }
            subscribers.add(subscriber);
        }
        return subscriber;
    }

    /// Shows an event to all who want it.
    public void publish(LiveEvent event) {
        for (Subscriber subscriber : subscribers) {
            subscriber.offer(event);
        }
    }

    void publish(Reading reading) {
        if (!subscribers.isEmpty()) {
            publish(new LiveEvent.Passed(reading));
        }
    }

    /// One who watches. Closed by its owner.
    public final class Subscriber implements AutoCloseable {
        private final Channel<LiveEvent> events;
        private final Predicate<LiveEvent> wanted;
        private final LongAdder lost = new LongAdder();

        private Subscriber(int capacity, Predicate<LiveEvent> wanted) {
            this.events = Channel.bounded(capacity);
            this.wanted = wanted;
        }

        /// Waits for the next event, at most that long.
        ///
        /// @return null if none came, or after close
        public @Nullable LiveEvent poll(Duration timeout) throws InterruptedException {
            try {
                return events.tryReceive(timeout);
            } catch (ReceiveOnClosedException e) {
                return null;
            }
        }

        /// How many events were lost because they were not read in time.
        public long lost() {
            return lost.sum();
        }

        private void offer(LiveEvent event) {
            if (!wanted.test(event)) {
                return;
            }
            try {
                while (!events.trySend(event)) {
                    if (events.tryReceive() != null) {
                        lost.increment();
                    }
                }
            } catch (dev.weir.runtime.ChannelClosedException e) {
                // closed meanwhile: nobody reads it
            }
        }

        /// Ends the subscription; one who waits in [#poll] gets null.
        @Override
        public void close() {
            subscribers.remove(this);
            events.closeIfOpen();
        }
    }
}
