package dev.weir.engine.flow;

import dev.weir.engine.Actuator;
import dev.weir.engine.Command;
import dev.weir.engine.Meters;
import dev.weir.engine.Span;
import dev.weir.runtime.Lane;
import dev.weir.runtime.supervise.ChildContext;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries commands out: for each actuator a bounded queue, the alarm lane first, and one virtual
/// thread, so that a slow actuator delays no other. A command is tried once at most, and never
/// after it has expired. Thread-safe.
public final class Commands {
    /// How many commands wait for one actuator, alarms and others apart.
    public static final int QUEUE = 1024;

    private static final Logger LOG = LoggerFactory.getLogger(Commands.class);

    private final FlowClock clock;
    private final Listener listener;
    private final RareLog rare;
    private final LongAdder issued;
    private final LongAdder done;
    private final LongAdder expired;
    private final Reasons failed;
    private final Reasons dropped;
    private final Halt halt = new Halt();
    private final Vigilance vigilance;
    private final Meters meters;

    // guarded by this
    private final IdentityHashMap<Actuator, Post> posts = new IdentityHashMap<>();
    private boolean closed;

    /// Sees every command once its outcome is known.
    @FunctionalInterface
    public interface Listener {
        /// Called by the actuator's thread, or by the rule's when a command is dropped. Must not
        /// block; what it throws is logged.
        ///
        /// @param detail why it was not carried out; empty if it was
        void settled(Command command, CommandOutcome outcome, String detail);
    }

    /// The balance of commands.
    ///
    /// @param issued commands that rules gave
    /// @param done commands carried out
    /// @param expired commands that waited too long
    /// @param failed commands that did not work, by reason
    /// @param dropped commands that were not tried, by reason
    /// @param queued commands that wait or are being carried out
    public record Line(
            long issued, long done, long expired, Map<String, Long> failed, Map<String, Long> dropped, long queued) {
        public Line {
            failed = Map.copyOf(failed);
            dropped = Map.copyOf(dropped);
        }

        /// Whether issued = done + expired + failed + dropped + queued.
        public boolean balanced() {
            return issued == done + expired + sum(failed) + sum(dropped) + queued;
        }

        private static long sum(Map<String, Long> counts) {
            return counts.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    public Commands(FlowClock clock, Meters meters, Listener listener) {
        this(clock, meters, listener, Vigilance.standard());
    }

    /// Carries commands out by threads that are looked after in another way.
    public Commands(FlowClock clock, Meters meters, Listener listener, Vigilance vigilance) {
        this.clock = clock;
        this.meters = meters;
        this.vigilance = vigilance;
        this.listener = listener;
        this.rare = new RareLog(LOG, clock);
        this.issued = meters.counter("weir_commands_issued", "Commands that rules gave");
        this.done = meters.counter("weir_commands_done", "Commands carried out");
        this.expired = meters.counter("weir_commands_expired", "Commands that waited until they expired");
        this.failed = new Reasons(meters, "weir_commands_failed", "Commands that did not work");
        this.dropped = new Reasons(meters, "weir_commands_dropped", "Commands that were not tried");
    }

    /// Queues a command for an actuator. Never blocks: when the actuator's queue is full the
    /// command is dropped, counted and shown to the listener.
    public void issue(Command command, Actuator actuator) {
        issued.increment();
        Span trace = command.trace();
        if (trace != null) {
            trace.mark();
        }
        if (!post(actuator).queue.offer(command)) {
            drop(command, halt.isCalled() ? Account.SHUTDOWN : Account.OVERFLOW);
        }
    }

    private synchronized Post post(Actuator actuator) {
        Post post = posts.get(actuator);
        if (post == null) {
            post = new Post(actuator, posts.size() + 1);
            posts.put(actuator, post);
            if (closed) {
                post.queue.close();
            } else {
                post.crew.start();
            }
        }
        return post;
    }

    /// An actuator, its queue and its thread.
    private final class Post implements Crew.Task {
        private final ActuatorQueue queue;
        private final Crew crew;

        /// The command that is being carried out. Whoever takes it out decides what became of it.
        private final AtomicReference<@Nullable Command> inHand = new AtomicReference<>();

        Post(Actuator actuator, int number) {
            this.queue = new ActuatorQueue(actuator, QUEUE);
            this.crew = new Crew(
                    "weir-actuator-" + number,
                    "actuator " + number,
                    Lane.ALARM,
                    meters,
                    vigilance,
                    vigilance.heartbeat(actuator.patience()));
            crew.add(this);
        }

        @Override
        public void work(ChildContext child, boolean discarding) {
            failInHand();
            while (!halt.isCalled()) {
                if (child.context().isDone()) {
                    throw new InHand.Replaced();
                }
                Command command = next(child);
                if (command != null) {
                    inHand.set(command);
                    execute(command, child, discarding);
                } else if (queue.isOver()) {
                    return;
                }
            }
        }

        private @Nullable Command next(ChildContext child) {
            child.rest();
            try {
                return queue.take();
            } catch (InterruptedException e) {
                return null; // the loop looks whether this is the end
            } finally {
                child.beat();
            }
        }

        /// What a predecessor hung on is not tried again: a command is carried out at most once.
        private void failInHand() {
            Command command = inHand.getAndSet(null);
            if (command != null) {
                fail(command, Account.HUNG, "the actuator did not come back");
            }
        }

        private void execute(Command command, ChildContext child, boolean discarding) {
            if (discarding) {
                settleOnce(command);
                drop(command, Account.FAILED);
                return;
            }
            if (isExpired(command)) {
                settleOnce(command);
                expired.increment();
                settle(command, CommandOutcome.EXPIRED, "expired at " + command.expires());
                return;
            }
            try {
                queue.actuator().execute(command);
            } catch (IOException e) {
                settleOnce(command);
                fail(command, "unreachable", e.toString());
                return;
            } catch (InterruptedException e) {
                settleOnce(command);
                fail(
                        command,
                        child.context().isDone() && !halt.isCalled() ? Account.HUNG : "interrupted",
                        e.toString());
                return;
            } catch (Throwable e) {
                settleOnce(command);
                rare.warn("an actuator failed", command.rule(), command.device(), command.trace(), e);
                fail(command, "actuator-error", e.toString());
                return;
            }
            settleOnce(command);
            done.increment();
            settle(command, CommandOutcome.DONE, "");
        }

        /// @throws InHand.Replaced if the successor has settled it
        private void settleOnce(Command command) {
            if (!inHand.compareAndSet(command, null)) {
                throw new InHand.Replaced();
            }
        }

        /// Drops what is queued, and fails what a thread that was given up has in hand.
        void end() {
            failInHand();
            queue.abandon().forEach(command -> drop(command, Account.SHUTDOWN));
        }
    }

    private boolean isExpired(Command command) {
        long now = clock.epochNanos();
        Instant instant = Instant.ofEpochSecond(Math.floorDiv(now, 1_000_000_000L), Math.floorMod(now, 1_000_000_000L));
        return !instant.isBefore(command.expires());
    }

    private void fail(Command command, String reason, String detail) {
        failed.count(reason);
        settle(command, CommandOutcome.FAILED, detail);
    }

    private void drop(Command command, String reason) {
        dropped.count(reason);
        settle(command, CommandOutcome.DROPPED, reason);
    }

    private void settle(Command command, CommandOutcome outcome, String detail) {
        Span trace = command.trace();
        if (trace != null) {
            follow(trace, command, outcome, detail);
        }
        try {
            listener.settled(command, outcome, detail);
        } catch (RuntimeException e) {
            rare.warn("a listener of commands failed", command.rule(), e);
        }
    }

    /// From the moment when the rule gave the command.
    private static void follow(Span trace, Command command, CommandOutcome outcome, String detail) {
        Span span = trace.partSinceMark("command " + command.rule())
                .with("weir.command", command.id())
                .with("weir.address", command.address())
                .with("weir.outcome", outcome.name().toLowerCase(Locale.ROOT));
        if (outcome != CommandOutcome.DONE) {
            span.failed(detail);
        }
        span.end();
    }

    /// The balance now; exact when nothing moves.
    public Line line() {
        return new Line(
                issued.sum(),
                done.sum(),
                expired.sum(),
                failed.counts(),
                dropped.counts(),
                all().stream().mapToLong(post -> post.queue.length()).sum());
    }

    /// Waits until every command that was issued before has its outcome.
    void flush() throws InterruptedException {
        for (Post post : all()) {
            post.queue.awaitIdle();
        }
    }

    private synchronized List<Post> all() {
        return List.copyOf(posts.values());
    }

    /// How those do who carry out commands.
    Supervised supervised() {
        return Supervised.together(
                "actuators", all().stream().map(post -> post.crew.state()).toList());
    }

    /// Takes no more commands and waits for those that are queued; what is not done in time is
    /// dropped. Does nothing the second time. One thread calls it.
    ///
    /// @param nanos how long to wait at most
    /// @return the names of threads that did not end
    List<String> close(long nanos) throws InterruptedException {
        synchronized (this) {
            closed = true;
        }
        List<Post> all = all();
        all.forEach(post -> post.queue.close());
        long deadline = clock.nanoTime() + nanos;
        for (Post post : all) {
            if (!post.crew.join(deadline - clock.nanoTime(), clock)) {
                halt.call();
            }
        }
        List<String> running = new ArrayList<>();
        for (Post post : all) {
            running.addAll(post.crew.stop());
            post.end();
        }
        return running;
    }
}
