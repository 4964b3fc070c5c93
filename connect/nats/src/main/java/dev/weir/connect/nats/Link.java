package dev.weir.connect.nats;

import dev.weir.engine.Meters;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a connection to a server: connects, and connects again for ever, with pauses that grow
/// exponentially and are random up to their length, so that a fleet that lost its server does not
/// come back at once. While there is a connection, a second thread asks the server for a sign of
/// life, and ends the connection that gives none.
final class Link implements AutoCloseable {
    static final Logger LOG = LoggerFactory.getLogger(Link.class);

    /// A connection that lasted this long was a good one: the next pause is a short one again.
    private static final long GOOD_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long LOG_PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final Duration GOODBYE = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final String name;
    private final LinkOptions options;
    private final int underWay;
    private final Session session;
    private final LongAdder reconnects;
    private final LongAdder failures;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by lock.
    private @Nullable Wire ready;
    private @Nullable Wire current;
    private String trouble = "no attempt was made yet";

    // Only the link's thread.
    private long loggedAt;
    private long unlogged;
    private boolean complained;

    private @Nullable Thread thread;

    /// What is done over a connection.
    interface Session extends Wire.Listener {
        /// Uses a connection until it ends, on the link's thread. Calls [Link#ready] when it can be
        /// used, now or later.
        ///
        /// @throws IOException when it ends; it says why
        void follow(Link link, Wire wire) throws IOException, InterruptedException;

        /// How often [#tick] wants to be called at least.
        default Duration every() {
            return Duration.ofDays(1);
        }

        /// Called now and then while there is a connection, by a thread of its own.
        default void tick(Wire wire) {}

        /// The connection ends, on the link's thread. It may still work.
        ///
        /// @param closing whether there will be no other
        default void end(Wire wire, boolean closing) throws InterruptedException {}

        /// The connection has ended, and so have its threads.
        default void ended() {}
    }

    /// @param part `source` or `sink`, since both may have the same name
    /// @param underWay how many messages may be under way
    Link(String name, String part, LinkOptions options, int underWay, Session session, Meters meters) {
        this.name = "nats-" + part + "-" + name;
        this.options = options;
        this.underWay = underWay;
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

    /// What the names of its threads begin with.
    String name() {
        return name;
    }

    /// Begins to connect, in the background.
    void start() {
        thread = Thread.ofVirtual().name(name).start(this::run);
    }

    private void run() {
        int attempt = 0;
        int turn = ThreadLocalRandom.current().nextInt(options.servers().size());
        boolean wasUp = false;
        while (closing.getCount() > 0) {
            long begin = System.nanoTime();
            boolean up = false;
            turn = (turn + 1) % options.servers().size();
            URI server = options.servers().get(turn);
            try (Wire wire = Wire.open(name, options, server, underWay, session)) {
                if (wasUp) {
                    reconnects.increment();
                }
                up = true;
                wasUp = true;
                use(wire);
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

    private void use(Wire wire) throws IOException, InterruptedException {
        become(wire, null);
        Thread watch = Thread.ofVirtual().name(name + "-watch").start(() -> watch(wire));
        try {
            session.follow(this, wire);
        } catch (IllegalStateException ended) {
            // What jnats says on a connection that has ended; the wire knows why.
            wire.check();
            throw ended;
        } finally {
            become(null, null);
            try {
                session.end(wire, closing.getCount() == 0);
            } finally {
                // Wakes the watch, which may wait for an answer.
                wire.close();
                session.ended();
                watch.join();
            }
        }
    }

    /// Asks for signs of life until the connection ends.
    private void watch(Wire wire) {
        try {
            while (!wire.awaitEnd(Collections.min(List.of(options.keepAlive().dividedBy(2), session.every())))) {
                session.tick(wire);
                wire.flush(options.ackTimeout());
            }
        } catch (IOException | IllegalStateException lost) {
            wire.fail(message(lost));
        } catch (InterruptedException e) {
            wire.fail("the watch was interrupted");
        }
    }

    private void become(@Nullable Wire now, @Nullable Wire usable) {
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
    void ready(Wire wire) {
        become(wire, wire);
        if (complained) {
            complained = false;
            LOG.info("link is up again link={} server={}", name, options.names());
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
    Wire await(Duration patience) throws IOException, InterruptedException {
        long left = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (ready == null && left > 0 && closing.getCount() > 0) {
                left = changed.awaitNanos(left);
            }
            if (ready == null || closing.getCount() == 0) {
                throw new IOException(closing.getCount() == 0 ? "the link is closed" : trouble);
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
                    "link is down, connecting again link={} server={} reason=\"{}\" more-since-last={}",
                    name,
                    options.names(),
                    message(cause),
                    unlogged);
        } else {
            LOG.error("link failed, connecting again link={} server={}", name, options.names(), cause);
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

    /// Ends the connection and the link's threads; when it returns the session is not called any
    /// more. Waits for a few seconds at most.
    @Override
    public void close() {
        closing.countDown();
        Wire last;
        lock.lock();
        try {
            last = current;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        Thread running = thread;
        if (running == null) {
            return;
        }
        try {
            if (last != null) {
                last.fail("the link was closed");
                if (running.join(GOODBYE)) {
                    return;
                }
            }
            running.interrupt();
            if (!running.join(PATIENCE)) {
                LOG.warn("link does not end link={}", name);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
