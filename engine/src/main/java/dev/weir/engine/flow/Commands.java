package dev.weir.engine.flow;

import dev.weir.engine.Actuator;
import dev.weir.engine.Command;
import dev.weir.engine.Meters;
import dev.weir.engine.Span;
import dev.weir.runtime.Lane;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries commands out: for each actuator a bounded queue, the alarm lane first, and one virtual
/// thread, so that a slow actuator delays no other. A command is tried once at most, and never
/// after it has expired. Thread-safe.
public final class Commands {
    /// How many commands wait for one actuator, alarms and others apart.
    public static final int QUEUE = 1024;

    private static final Duration GRACE = Duration.ofMillis(500);
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
    private final Crew crew = new Crew("weir-actuator", Lane.ALARM);

    // guarded by this
    private final IdentityHashMap<Actuator, ActuatorQueue> queues = new IdentityHashMap<>();
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
        this.clock = clock;
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
        if (!queue(actuator).offer(command)) {
            drop(command, halt.isCalled() ? Account.SHUTDOWN : Account.OVERFLOW);
        }
    }

    private synchronized ActuatorQueue queue(Actuator actuator) {
        ActuatorQueue queue = queues.get(actuator);
        if (queue == null) {
            queue = new ActuatorQueue(actuator, QUEUE);
            queues.put(actuator, queue);
            if (closed) {
                queue.close();
            } else {
                ActuatorQueue own = queue;
                crew.start(() -> run(own));
            }
        }
        return queue;
    }

    private void run(ActuatorQueue queue) {
        try {
            while (true) {
                try {
                    Command command = queue.take();
                    if (command == null) {
                        return;
                    }
                    execute(command, queue.actuator());
                } catch (InterruptedException e) {
                    if (halt.isCalled()) {
                        return;
                    }
                }
            }
        } finally {
            queue.abandon().forEach(command -> drop(command, Account.SHUTDOWN));
        }
    }

    private void execute(Command command, Actuator actuator) {
        if (halt.isCalled()) {
            drop(command, Account.SHUTDOWN);
            return;
        }
        if (isExpired(command)) {
            expired.increment();
            settle(command, CommandOutcome.EXPIRED, "expired at " + command.expires());
            return;
        }
        try {
            actuator.execute(command);
            done.increment();
            settle(command, CommandOutcome.DONE, "");
        } catch (IOException e) {
            fail(command, "unreachable", e);
        } catch (InterruptedException e) {
            fail(command, "interrupted", e);
        } catch (Throwable e) {
            rare.warn("an actuator failed", command.rule(), command.device(), command.trace(), e);
            fail(command, "actuator-error", e);
        }
    }

    private boolean isExpired(Command command) {
        long now = clock.epochNanos();
        Instant instant = Instant.ofEpochSecond(Math.floorDiv(now, 1_000_000_000L), Math.floorMod(now, 1_000_000_000L));
        return !instant.isBefore(command.expires());
    }

    private void fail(Command command, String reason, Throwable cause) {
        failed.count(reason);
        settle(command, CommandOutcome.FAILED, cause.toString());
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
                all().stream().mapToLong(ActuatorQueue::length).sum());
    }

    /// Waits until every command that was issued before has its outcome.
    void flush() throws InterruptedException {
        for (ActuatorQueue queue : all()) {
            queue.awaitIdle();
        }
    }

    private synchronized List<ActuatorQueue> all() {
        return List.copyOf(queues.values());
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
        all().forEach(ActuatorQueue::close);
        if (!crew.join(nanos, clock)) {
            halt.call();
            crew.interrupt(GRACE, clock);
        }
        return crew.running();
    }
}
