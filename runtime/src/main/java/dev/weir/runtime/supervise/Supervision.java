package dev.weir.runtime.supervise;

import dev.weir.runtime.CancellableContext;
import dev.weir.runtime.Channel;
import dev.weir.runtime.Context;
import dev.weir.runtime.Lane;
import dev.weir.runtime.Select;
import dev.weir.runtime.control.Simulations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// One run of a supervisor: the loop that looks after its children.
///
/// The loop is driven by levels, not by edges: whoever has news writes it where it belongs and puts
/// a token into a channel of one, which is never closed. The loop then looks at everything. So no
/// child ever waits for its supervisor, no news is lost when many come at once, and a step that
/// memory was missing for is simply done again.
final class Supervision {
    private static final long NEVER = Slot.NEVER;
    private static final long NO_MEMORY_NANOS = 100_000_000;
    private static final Boolean TOKEN = Boolean.TRUE;

    // set once
    private final SupervisorSpec spec;
    private final Context parent;
    private final CancellableContext context;
    private final Channel<Boolean> tokens = Channel.bounded(1);
    /// Changed by the loop only.
    private final List<Slot> slots = new CopyOnWriteArrayList<>();

    /// Children that were added while it runs, and have no slot yet.
    private final ConcurrentLinkedQueue<Child> arrivals = new ConcurrentLinkedQueue<>();
    private final CancellableContext end = Context.background().withCancel();
    private final long zero = Simulations.nanoTime();

    // only the loop
    /// Null for any number of restarts.
    private final @Nullable Intensity intensity;

    /// Null until it stops.
    private @Nullable Levels levels;

    private boolean stopping;

    // written by the loop before `end`
    private volatile @Nullable SupervisorFailedException failure;
    private volatile ShutdownReport report;

    Supervision(SupervisorSpec spec, Context parent) {
        this.spec = spec;
        this.parent = parent.withoutCancel();
        this.context = parent.withCancel();
        this.intensity = spec.isLimited() ? new Intensity(spec.restarts(), spec.period()) : null;
        this.report = ShutdownReport.nothing(spec.name());
        slots.addAll(spec.children().stream()
                .sorted(Comparator.comparingInt((Child child) -> -child.level()))
                .map(child -> new Slot(this, child))
                .toList());
    }

    // --- the loop -------------------------------------------------------------------------------

    /// Looks after the children until the context is done or the supervisor gives up.
    ShutdownReport run() throws InterruptedException {
        try {
            loop();
        } finally {
            try {
                dropAll();
            } finally {
                context.close();
                end.cancel();
            }
        }
        SupervisorFailedException failed = failure;
        if (failed != null) {
            throw failed;
        }
        return report;
    }

    /// Does nothing to children that have ended, as they all have unless the loop was interrupted.
    private void dropAll() {
        stopping = true;
        long now = now();
        slots.forEach(slot -> slot.drop(now));
        report = makeReport();
    }

    private void loop() throws InterruptedException {
        while (levels == null || !levels.isDone()) {
            pause(step());
        }
    }

    /// Does what there is to do.
    ///
    /// @return when there is something again
    private long step() {
        long now = now();
        try {
            stopping |= context.isDone();
            takeArrivals();
            for (Slot slot : slots) {
                slot.observe(now);
            }
            long next = NEVER;
            if (stopping) {
                var stop = levels();
                stop.advance(now);
                next = stop.isDone() ? now : NEVER;
            } else {
                next = startDue(now);
            }
            for (Slot slot : slots) {
                next = Math.min(next, slot.nextDue());
            }
            return next;
        } catch (OutOfMemoryError e) {
            report(e);
            return now + NO_MEMORY_NANOS;
        }
    }

    /// Behind those of their level: they are started after, and stopped with them.
    private void takeArrivals() {
        if (stopping) {
            return;
        }
        for (Child child = arrivals.peek(); child != null; child = arrivals.peek()) {
            int place = 0;
            while (place < slots.size() && slots.get(place).child().level() >= child.level()) {
                place++;
            }
            slots.add(place, new Slot(this, child));
            arrivals.remove();
        }
    }

    private Levels levels() {
        Levels all = levels;
        if (all == null) {
            all = new Levels(slots, spec.deadlines(), spec.deadline());
            levels = all;
        }
        return all;
    }

    /// Starts those whose time has come, in their order.
    private long startDue(long now) {
        boolean together = spec.strategy() != Strategy.ONE_FOR_ONE;
        if (together && slots.stream().anyMatch(slot -> slot.phase().isEnding())) {
            return NEVER;
        }
        long next = NEVER;
        for (Slot slot : slots) {
            if (!slot.phase().isWaiting()) {
                continue;
            }
            if (slot.startDue() <= now) {
                slot.start(now);
            } else if (together) {
                return slot.startDue();
            } else {
                next = Math.min(next, slot.startDue());
            }
        }
        return next;
    }

    private void pause(long until) throws InterruptedException {
        long nanos = until - now();
        if (until == NEVER) {
            if (stopping) {
                tokens.receive();
            } else {
                Select.select(Select.consume(tokens, _ -> {}), Select.done(context, () -> {}));
            }
        } else if (nanos > 0) {
            var timeout = Duration.ofNanos(nanos);
            if (stopping) {
                tokens.tryReceive(timeout);
            } else {
                Select.select(
                        Select.consume(tokens, _ -> {}),
                        Select.done(context, () -> {}),
                        Select.timeout(timeout, () -> {}));
            }
        }
    }

    // --- what slots ask for ---------------------------------------------------------------------

    /// Restarts a child that has failed, and those who are restarted with it.
    ///
    /// @return false if it is not restarted, because the supervisor stops or now gives up
    boolean restart(Slot failed, @Nullable Throwable cause, long now) {
        if (stopping) {
            return false;
        }
        if (intensity != null && !intensity.allows(now)) {
            giveUp(failed, cause);
            return false;
        }
        long due = now + failed.rest(now);
        for (Slot each : affectedBy(failed)) {
            each.restartAt(due, failed, cause, now);
        }
        return true;
    }

    private List<Slot> affectedBy(Slot failed) {
        return switch (spec.strategy()) {
            case ONE_FOR_ONE -> List.of(failed);
            case ALL_FOR_ONE -> slots;
            case REST_FOR_ONE -> slots.subList(slots.indexOf(failed), slots.size());
        };
    }

    private void giveUp(Slot failed, @Nullable Throwable cause) {
        String why = "more than " + spec.restarts() + " restarts in " + spec.period() + "; the last one was "
                + (cause == null
                        ? "of a child that had returned"
                        : "because of " + cause.getClass().getName());
        failure = new SupervisorFailedException(
                "supervisor " + spec.name() + " gave up at its child "
                        + failed.child().name() + ": " + why,
                cause);
        stopping = true;
        tell(new SupervisorEvent.GaveUp(spec.name(), failed.child().name(), why, Optional.empty()));
    }

    /// A context for one run of a child. It does not end with the supervisor's, since children are
    /// stopped one level after the other.
    CancellableContext childContext() {
        return parent.withCancel();
    }

    /// A thread for one run of a child.
    Thread thread(Child child, String name, Runnable body) {
        return child.nested().isPresent()
                ? helper(name, body)
                : spec.scheduler().unstarted(spec.lane(), name, body);
    }

    /// A thread for what looks after others: it must get its turn also where hogs keep the carriers
    /// of the JDK's scheduler.
    Thread helper(String name, Runnable body) {
        return helper(spec, name, body);
    }

    static Thread helper(SupervisorSpec spec, String name, Runnable body) {
        return spec.scheduler().isOwn() || Simulations.current() != null
                ? spec.scheduler().unstarted(Lane.STATE, name, body)
                : Thread.ofPlatform().daemon().name(name).unstarted(body);
    }

    boolean isStopping() {
        return stopping;
    }

    SupervisorSpec spec() {
        return spec;
    }

    // A listener that throws must not end the supervisor.
    @SuppressWarnings("CatchingUnchecked")
    void tell(SupervisorEvent event) {
        try {
            spec.listener().accept(event);
        } catch (RuntimeException | Error e) {
            report(e);
        }
    }

    /// Tells of something that has no other way to be told.
    static void report(Throwable thrown) {
        var thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
    }

    // --- any thread -----------------------------------------------------------------------------

    /// Makes the loop look at everything. Neither blocks nor throws.
    void wake() {
        tokens.trySend(TOKEN);
    }

    void requestStop() {
        context.cancel();
    }

    /// Adds a child. One caller at a time.
    void add(Child child) {
        int size = slots.size() + arrivals.size();
        if (size >= SupervisorSpec.MOST_CHILDREN) {
            throw new IllegalArgumentException(SupervisorSpec.tooMany(spec.name()));
        }
        if (has(child.name()) || arrivals.stream().anyMatch(each -> each.name().equals(child.name()))) {
            throw new IllegalArgumentException(SupervisorSpec.twice(spec.name(), child.name()));
        }
        arrivals.add(child);
        wake();
    }

    private boolean has(String child) {
        return slots.stream().anyMatch(slot -> slot.child().name().equals(child));
    }

    boolean requestRestart(String child) {
        for (Slot slot : slots) {
            if (slot.child().name().equals(child)) {
                slot.demandRestart();
                wake();
                return true;
            }
        }
        return false;
    }

    void awaitEnd() throws InterruptedException {
        end.await();
    }

    boolean hasEnded() {
        return end.isDone();
    }

    @Nullable
    SupervisorFailedException failure() {
        return failure;
    }

    ShutdownReport report() {
        return report;
    }

    List<ChildState> children() {
        return slots.stream().map(Slot::state).toList();
    }

    // --- the report -----------------------------------------------------------------------------

    private ShutdownReport makeReport() {
        var left = new ArrayList<ShutdownReport.Left>();
        var unfinished = new ArrayList<ShutdownReport.Unfinished>();
        for (Slot slot : slots) {
            for (Incarnation run : slot.abandoned()) {
                Thread thread = run.thread();
                if (thread != null && !run.hasEnded()) {
                    var sample = Sample.of(thread);
                    left.add(new ShutdownReport.Left(
                            slot.name(), run.waited(), sample.state(), sample.describe(), sample.stack()));
                }
            }
            var element = slot.carried();
            if (element != null) {
                unfinished.add(new ShutdownReport.Unfinished(slot.name(), element.element(), element.times()));
            }
            slot.child().nested().ifPresent(nested -> {
                left.addAll(nested.report().left());
                unfinished.addAll(nested.report().unfinished());
            });
        }
        return new ShutdownReport(spec.name(), levels == null ? List.of() : levels.done(), left, unfinished);
    }

    private long now() {
        return Simulations.nanoTime() - zero;
    }
}
