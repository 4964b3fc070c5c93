package dev.weir.engine.link;

import dev.weir.engine.LogLimiter;
import dev.weir.engine.Meters;
import dev.weir.runtime.Scheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a connection to another server: has it made again for ever, on one virtual thread, with
/// the pauses of a [Backoff]. What goes wrong is counted each time and logged once a minute.
///
/// Others get the connection by [#await], which blocks. All methods may be called by any thread but
/// those that say otherwise.
///
/// @param <C> what a connection is
public final class Reconnector<C> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reconnector.class);

    /// A connection that lasted this long was a good one: the next pause is a short one again.
    private static final long GOOD_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final String name;
    private final String peer;
    private final Backoff backoff;
    private final Attempt attempt;
    private final LogLimiter limiter = new LogLimiter(System::nanoTime);
    private final LongAdder reconnects;
    private final LongAdder failures;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by lock.
    private @Nullable C ready;
    private @Nullable C current;
    private String trouble = "no attempt was made yet";

    // Only the thread that connects.
    private boolean wasUp;
    private boolean up;
    private boolean complained;

    private @Nullable Thread thread;

    /// Makes one connection and uses it until it is over.
    @FunctionalInterface
    public interface Attempt {
        /// Called by the thread that connects, which is interrupted when it shall end. Calls
        /// [#made], [#ready] and at the end [#gone].
        ///
        /// @throws IOException when it is over, or cannot be made, with the reason
        void run() throws IOException, InterruptedException;
    }

    /// Says goodbye.
    ///
    /// @param <C> what a connection is
    @FunctionalInterface
    public interface Farewell<C> {
        /// Called by the thread that closes. May wait for a moment.
        void say(C connection) throws InterruptedException;
    }

    /// @param protocol what the name of the thread begins with
    /// @param part `source` or `sink`, since both may have the same name
    /// @param name what the config calls the source or sink
    /// @param peer the other server, for messages; without secrets
    public Reconnector(
            String protocol, String part, String name, String peer, Backoff backoff, Attempt attempt, Meters meters) {
        this.name = protocol + "-" + part + "-" + name;
        this.peer = peer;
        this.backoff = backoff;
        this.attempt = attempt;
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

    /// The thread's name.
    public String name() {
        return name;
    }

    /// Begins to connect, in the background.
    public void start() {
        thread = Scheduler.go(name, this::run);
    }

    private void run() {
        int failed = 0;
        while (!isClosing()) {
            long begin = System.nanoTime();
            up = false;
            try {
                attempt.run();
            } catch (IOException | RuntimeException lost) {
                complain(lost);
            } catch (InterruptedException closed) {
                return;
            }
            failed = up && System.nanoTime() - begin > GOOD_NANOS ? 0 : failed + 1;
            try {
                if (closing.await(backoff.nanos(failed), TimeUnit.NANOSECONDS)) {
                    return;
                }
            } catch (InterruptedException closed) {
                return;
            }
        }
    }

    /// A connection was made; it may not be usable yet. For the thread that connects.
    public void made(C connection) {
        if (wasUp) {
            reconnects.increment();
        }
        up = true;
        wasUp = true;
        become(connection, null);
    }

    /// The connection can be used. For the thread that connects.
    public void ready(C connection) {
        become(connection, connection);
        if (complained) {
            complained = false;
            LOG.info("link is up again link={} peer={}", name, peer);
        }
    }

    /// The connection can no longer be used. For the thread that connects.
    public void gone() {
        become(null, null);
    }

    private void become(@Nullable C now, @Nullable C usable) {
        lock.lock();
        try {
            current = now;
            ready = usable;
            changed.signalAll();
        } finally {
            lock.unlock();
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

    /// Whether there will be no other connection.
    public boolean isClosing() {
        return closing.getCount() == 0;
    }

    /// The connection, as soon as it can be used.
    ///
    /// @throws IOException if it cannot within `patience`; it says why the last one was lost
    public C await(Duration patience) throws IOException, InterruptedException {
        long left = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (ready == null && left > 0 && !isClosing()) {
                left = changed.awaitNanos(left);
            }
            if (ready == null) {
                throw new IOException(
                        "no connection to " + peer + ": " + (isClosing() ? "the link is closed" : trouble));
            }
            return ready;
        } finally {
            lock.unlock();
        }
    }

    private void complain(Exception cause) {
        if (isClosing()) {
            return;
        }
        failures.increment();
        lock.lock();
        try {
            trouble = reason(cause);
        } finally {
            lock.unlock();
        }
        OptionalLong silent = limiter.due("down");
        if (silent.isEmpty()) {
            return;
        }
        complained = true;
        if (cause instanceof IOException) {
            LOG.warn(
                    "link is down, connecting again link={} peer={} reason=\"{}\" more-since-last={}",
                    name,
                    peer,
                    reason(cause),
                    silent.getAsLong());
        } else {
            LOG.error("link failed, connecting again link={} peer={}", name, peer, cause);
        }
    }

    /// What an exception says, or what it is.
    public static String reason(Exception cause) {
        String text = cause.getMessage();
        return text == null ? cause.getClass().getSimpleName() : text;
    }

    /// Ends at once what is under way.
    @Override
    public void close() {
        close(_ -> {}, Duration.ZERO);
    }

    /// Says goodbye and ends the thread; when it returns no attempt is under way. Waits a few
    /// seconds at most for one that does not heed interruption.
    ///
    /// @param farewell for the connection that there is
    /// @param grace how long the attempt may take to end by itself after it
    public void close(Farewell<C> farewell, Duration grace) {
        closing.countDown();
        C last;
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
                farewell.say(last);
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        Thread running = thread;
        if (running != null) {
            interrupted |= end(running, last == null ? Duration.ZERO : grace);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// @return whether this thread was interrupted meanwhile
    private boolean end(Thread running, Duration grace) {
        try {
            if (!grace.isZero() && running.join(grace)) {
                return false;
            }
            running.interrupt();
            if (!running.join(PATIENCE)) {
                LOG.warn("link does not end link={}", name);
            }
            return false;
        } catch (InterruptedException e) {
            running.interrupt();
            return true;
        }
    }
}
