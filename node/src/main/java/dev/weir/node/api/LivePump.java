package dev.weir.node.api;

import dev.weir.engine.flow.Live;
import dev.weir.engine.flow.LiveEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;

/// Brings live events to the clients that follow them, each with a bounded queue of its own and a
/// thread that waits for it.
final class LivePump implements AutoCloseable {
    private static final int QUEUE = 256;
    private static final Duration SILENCE = Duration.ofSeconds(15);

    private final Live live;
    private final Semaphore places;
    private final LongAdder lost;
    private final Set<Live.Subscriber> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /// Where a client's events go. All of it may block until the client has taken it.
    interface Out {
        void event(String kind, String json) throws IOException, InterruptedException;

        /// Nothing has happened for a while: finds out whether the client is still there.
        void silence() throws IOException, InterruptedException;
    }

    LivePump(Live live, int followers, LongAdder lost) {
        this.live = live;
        this.places = new Semaphore(followers);
        this.lost = lost;
    }

    /// Takes a place for one who follows.
    ///
    /// @throws ApiException if there is none
    Live.Subscriber subscribe(LiveFilter filter) throws ApiException {
        if (closed || !places.tryAcquire()) {
            throw new ApiException(503, "too many clients follow live events already: close one");
        }
        try {
            Live.Subscriber subscriber = live.subscribe(QUEUE, filter);
            open.add(subscriber);
            return subscriber;
        } catch (IllegalStateException e) {
            places.release();
            throw new ApiException(503, "too many clients follow live events already: close one");
        }
    }

    /// Brings events to a client until it goes away or this is closed, and gives its place back.
    ///
    /// @return whether this was closed
    boolean run(Live.Subscriber subscriber, Out out) throws IOException, InterruptedException {
        long known = 0;
        try {
            while (!closed && open.contains(subscriber)) {
                LiveEvent event = subscriber.poll(SILENCE);
                long total = subscriber.lost();
                if (total > known) {
                    out.event("lost", Json.lost(total - known));
                    lost.add(total - known);
                    known = total;
                }
                if (event != null) {
                    out.event(Json.kind(event), Json.live(event));
                } else if (!closed) {
                    out.silence();
                }
            }
            return closed;
        } finally {
            end(subscriber);
        }
    }

    /// Ends a subscription. Does nothing the second time.
    void end(Live.Subscriber subscriber) {
        if (open.remove(subscriber)) {
            subscriber.close();
            places.release();
        }
    }

    @Override
    public void close() {
        closed = true;
        open.forEach(this::end);
    }
}
