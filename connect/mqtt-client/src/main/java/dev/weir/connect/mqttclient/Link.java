package dev.weir.connect.mqttclient;

import dev.weir.engine.Meters;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a connection to a broker: connects, and connects again for ever, with pauses that grow
/// exponentially and are random up to their length, so that a fleet that lost its broker does not
/// come back at once.
///
/// Everything a [Session] sees comes from the link's own thread.
final class Link implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Link.class);

    private static final Duration FAREWELL = Duration.ofMillis(500);

    /// A connection that lasted this long was a good one: the next pause is a short one again.
    private static final long GOOD_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long LOG_PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final String name;
    private final LinkOptions options;
    private final Session session;
    private final LongAdder reconnects;
    private final LongAdder failures;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by lock.
    private @Nullable Connection ready;
    private @Nullable Connection current;
    private String trouble = "no attempt was made yet";

    // Only the link's thread.
    private long loggedAt;
    private long unlogged;
    private boolean complained;

    private @Nullable Thread thread;

    /// What is done over a connection. Called by the link's thread only.
    interface Session {
        /// What to say when the next connection is made.
        Greeting greeting();

        /// A connection was made: uses it until it is over, and calls [Link#ready] when others can.
        ///
        /// @throws IOException when it is over, with the reason
        void use(Link link, Connection connection) throws IOException, InterruptedException;

        /// The connection that was used is over.
        ///
        /// @param why for messages
        void end(String why);
    }

    /// @param part `source` or `sink`, since both may have the same name
    Link(String name, String part, LinkOptions options, Session session, Meters meters) {
        this.name = "mqtt-" + part + "-" + name;
        this.options = options;
        this.session = session;
        this.reconnects = meters.counter(
                "weir_link_reconnects", "Connections made after one was lost", "name", name, "part", part);
        this.failures = meters.counter(
                "weir_link_failures", "Connections lost and attempts that came to nothing", "name", name, "part", part);
        meters.gauge(
                "weir_link_up",
                "1 while the link to the other broker can be used",
                () -> isUp() ? 1 : 0,
                "name",
                name,
                "part",
                part);
    }

    /// Begins to connect, in the background.
    void start() {
        thread = Thread.ofVirtual().name(name).start(this::run);
    }

    private void run() {
        int attempt = 0;
        boolean wasUp = false;
        while (closing.getCount() > 0) {
            long begin = System.nanoTime();
            boolean up = false;
            try (Connection connection = Connection.open(name, options, session.greeting())) {
                if (wasUp) {
                    reconnects.increment();
                }
                up = true;
                wasUp = true;
                follow(connection);
            } catch (IOException | RuntimeException failed) {
                lost(failed);
            } catch (InterruptedException closed) {
                return;
            }
            attempt = up && System.nanoTime() - begin > GOOD_NANOS ? 0 : attempt + 1;
            if (!pause(attempt)) {
                return;
            }
        }
    }

    private void follow(Connection connection) throws IOException, InterruptedException {
        become(connection, null);
        String why = "the link was closed";
        try {
            session.use(this, connection);
        } catch (IOException | RuntimeException lost) {
            why = message(lost);
            throw lost;
        } finally {
            become(null, null);
            session.end(why);
        }
    }

    private void become(@Nullable Connection now, @Nullable Connection usable) {
        lock.lock();
        try {
            current = now;
            ready = usable;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Says that the connection can be used.
    void ready(Connection connection) {
        become(connection, connection);
        if (complained) {
            complained = false;
            LOG.info("link is up again link={} broker={}", name, options.broker());
        }
    }

    private boolean isUp() {
        lock.lock();
        try {
            return ready != null;
        } finally {
            lock.unlock();
        }
    }

    /// The connection, as soon as it can be used.
    ///
    /// @throws IOException if it cannot within `patience`; it says why the last one was lost
    Connection await(Duration patience) throws IOException, InterruptedException {
        long left = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (ready == null && left > 0 && closing.getCount() > 0) {
                left = changed.awaitNanos(left);
            }
            if (ready == null) {
                throw new IOException("no connection to " + options.broker() + ": " + trouble);
            }
            return ready;
        } finally {
            lock.unlock();
        }
    }

    private void lost(Exception cause) {
        if (closing.getCount() == 0) {
            return;
        }
        failures.increment();
        lock.lock();
        try {
            trouble = message(cause);
        } finally {
            lock.unlock();
        }
        long now = System.nanoTime();
        if (loggedAt != 0 && now - loggedAt < LOG_PAUSE_NANOS) {
            unlogged++;
            return;
        }
        complained = true;
        if (cause instanceof IOException) {
            LOG.warn(
                    "link is down, connecting again link={} broker={} reason=\"{}\" more-since-last={}",
                    name,
                    options.broker(),
                    message(cause),
                    unlogged);
        } else {
            LOG.error("link failed, connecting again link={} broker={}", name, options.broker(), cause);
        }
        loggedAt = now | 1;
        unlogged = 0;
    }

    private static String message(Exception cause) {
        String text = cause.getMessage();
        return text == null ? cause.getClass().getSimpleName() : text;
    }

    /// Pauses at random up to a bound that doubles with each attempt.
    ///
    /// @return false when the link is closed meanwhile
    private boolean pause(int attempt) {
        long most = options.reconnectMax().toNanos();
        long first = options.reconnectMin().toNanos();
        long bound = attempt > 32 || first > most >> attempt ? most : first << attempt;
        try {
            return !closing.await(ThreadLocalRandom.current().nextLong(bound + 1), TimeUnit.NANOSECONDS);
        } catch (InterruptedException closed) {
            return false;
        }
    }

    /// Says goodbye and ends the link's thread; when it returns the session is not called any more.
    /// Waits a few seconds at most for a session that does not heed interruption.
    @Override
    public void close() {
        closing.countDown();
        Connection last;
        lock.lock();
        try {
            last = current;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        try {
            if (last != null) {
                last.finish(FAREWELL);
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        interrupted |= end();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean end() {
        Thread running = thread;
        if (running == null) {
            return false;
        }
        running.interrupt();
        try {
            if (!running.join(Duration.ofSeconds(5))) {
                LOG.warn("link does not end link={}", name);
            }
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }
}
