package dev.weir.runtime.supervise;

import dev.weir.runtime.control.Simulations;
import dev.weir.runtime.supervise.ChildState.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A child in a supervisor: its runs, one after the other. Only for the supervisor's loop, except
/// for [#state()] and [#demandRestart()].
final class Slot {
    static final long NEVER = Long.MAX_VALUE;

    /// With so many times its bound of abandoned threads a child gets no fresh start.
    private static final int MOST_TIMES = 3;

    // set once
    private final Supervision owner;
    private final Child child;
    private final String name;
    private final Heart heart;
    private final Counts counts = new Counts();
    private final List<Incarnation> abandoned = new ArrayList<>();

    // the run that counts
    private @Nullable Incarnation current;
    private Phase phase = Phase.STARTING;
    private Instant since = Simulations.instant();
    private long startedAt;

    // while it is to be started
    private long due;
    private int failuresInARow;
    private Box.@Nullable Carried carried;

    // while it has failed
    private long freshStartAt = NEVER;
    private @Nullable Instant again;

    // while it is to end
    private long interruptAt;
    private long abandonAt;
    private boolean interrupted;
    /// What it is when it has ended; STARTING or BACKING_OFF if it is started again.
    private Phase next = Phase.STOPPED;

    private volatile ChildState state;
    private volatile boolean restartDemanded;

    Slot(Supervision owner, Child child) {
        this.owner = owner;
        this.child = child;
        this.name = owner.spec().name() + "/" + child.name();
        this.heart = new Heart(child.heartbeat());
        this.state = snapshot();
    }

    // --- what the loop does ---------------------------------------------------------------------

    /// Looks what has happened, and what is due.
    void observe(long now) {
        boolean reaped = abandoned.removeIf(Incarnation::hasEnded);
        var run = current;
        if (run != null) {
            if (run.hasEnded()) {
                ended(run, now);
            } else if (phase == Phase.RUNNING) {
                look(run, now);
            } else {
                press(run, now);
            }
        }
        if (phase == Phase.FAILED && now >= freshStartAt && !owner.isStopping()) {
            startFresh(now);
        }
        if (restartDemanded) {
            restartDemanded = false;
            restartNow(now);
        }
        if (reaped) {
            publish();
        }
    }

    /// When [#observe(long)] has something to do, if nobody calls before.
    long nextDue() {
        return switch (phase) {
            case RUNNING -> heart.next();
            case HUNG, STOPPING -> interrupted ? abandonAt : interruptAt;
            case FAILED -> owner.isStopping() ? NEVER : freshStartAt;
            case STARTING, BACKING_OFF, STOPPED -> NEVER;
        };
    }

    /// When it is to be started; only while it waits for that.
    long startDue() {
        return due;
    }

    // A thread that cannot be started, for want of memory, is a failure of the child.
    @SuppressWarnings("CatchingUnchecked")
    void start(long now) {
        var parcel = carried;
        Box.Carried poison = parcel != null && parcel.times() >= child.poisonAfter() ? parcel : null;
        long before = counts.begin();
        var run = new Incarnation(
                child,
                name,
                before,
                owner.childContext(),
                new Box(poison == null ? parcel : null),
                poison,
                counts.last(),
                owner::wake);
        carried = null;
        current = run;
        startedAt = now;
        heart.start(run.pulse(), now);
        enter(Phase.RUNNING);
        owner.tell(
                before == 0
                        ? new SupervisorEvent.Started(owner.spec().name(), child.name())
                        : new SupervisorEvent.Restarted(owner.spec().name(), child.name(), before));
        try {
            run.startIn(owner.thread(child, name, run::run));
        } catch (Throwable e) {
            carried = poison;
            run.failToStart(e);
            return;
        }
        if (poison != null) {
            counts.poisoned();
            owner.tell(
                    new SupervisorEvent.Poisoned(owner.spec().name(), child.name(), poison.element(), poison.times()));
            publish();
        }
    }

    /// Starts it again at `when`, after its run, if there is one, has ended.
    void restartAt(long when, Slot because, @Nullable Throwable cause, long now) {
        switch (phase) {
            case STARTING, BACKING_OFF, HUNG, STOPPING -> due = Math.max(due, when);
            case RUNNING -> {
                due = when;
                next = because == this ? Phase.BACKING_OFF : Phase.STARTING;
                var run = current;
                if (run == null) {
                    enter(next);
                } else {
                    end(run, cause, because == this ? Phase.HUNG : Phase.STOPPING, child.grace(), now);
                }
            }
            case FAILED, STOPPED -> {}
        }
    }

    /// Ends it for good within a time.
    void stop(Duration deadline, long now) {
        next = Phase.STOPPED;
        var run = current;
        if (run == null) {
            if (phase.isWaiting()) {
                over(Phase.STOPPED);
            }
            return;
        }
        end(run, null, phase == Phase.HUNG ? Phase.HUNG : Phase.STOPPING, deadline, now);
        interruptAt = now + Nanos.of(deadline) / 4 * 3;
        abandonAt = now + Nanos.of(deadline);
    }

    /// The loop itself ends at once: tells the thread, and waits for nothing.
    void drop(long now) {
        var run = current;
        if (run != null) {
            run.cancel(null, now);
            interrupt(run);
            leave(run, now);
        }
        if (phase.isWaiting() || phase.hasThread()) {
            enter(Phase.STOPPED);
        }
    }

    boolean hasThread() {
        return current != null;
    }

    // --- how a run ends -------------------------------------------------------------------------

    private void ended(Incarnation run, long now) {
        boolean wasTold = phase.isEnding();
        run.context().close();
        carry(run, !wasTold || phase == Phase.HUNG);
        current = null;
        heart.stop();
        Throwable thrown = run.thrown();
        if (thrown == null || run.wasCancelled()) {
            if (thrown != null) {
                counts.cancelled();
            }
        } else {
            var failure = counts.failed(child, thrown);
            owner.tell(new SupervisorEvent.Failed(owner.spec().name(), child.name(), failure));
        }
        if (wasTold) {
            settle();
        } else if (!isRestartedAfter(thrown) || !owner.restart(this, thrown, now)) {
            over(thrown == null ? Phase.STOPPED : Phase.FAILED);
        }
    }

    private boolean isRestartedAfter(@Nullable Throwable thrown) {
        return switch (child.restart()) {
            case ALWAYS -> true;
            case ON_FAILURE -> thrown != null;
            case NEVER -> false;
        };
    }

    private void look(Incarnation run, long now) {
        Thread thread = Objects.requireNonNull(run.thread());
        int before = heart.missed();
        if (heart.isHung(thread, now)) {
            heart.stop();
            var hang = HungException.of(name, heart.missed(), heart.interval(), Sample.of(thread));
            counts.failed(child, hang);
            owner.tell(new SupervisorEvent.Hung(owner.spec().name(), child.name(), hang));
            if (!isRestartedAfter(hang) || !owner.restart(this, hang, now)) {
                next = Phase.FAILED;
                end(run, hang, Phase.HUNG, child.grace(), now);
            }
        } else if (heart.missed() != before) {
            publish();
        }
    }

    /// Tells a run to end.
    private void end(Incarnation run, @Nullable Throwable cause, Phase as, Duration grace, long now) {
        heart.stop();
        interrupted = false;
        interruptAt = now + Nanos.of(grace);
        abandonAt = interruptAt + Nanos.of(grace);
        enter(as);
        run.cancel(cause, now);
    }

    /// Insists on its end.
    private void press(Incarnation run, long now) {
        if (!interrupted && now >= interruptAt) {
            interrupt(run);
            interrupted = true;
        }
        if (interrupted && now >= abandonAt) {
            boolean hung = phase == Phase.HUNG;
            carry(run, hung);
            leave(run, now);
            if (abandoned.size() >= child.maxAbandoned() && !owner.isStopping()) {
                giveUp(abandoned.size() + " of its threads are abandoned, which is the bound", now);
            } else {
                settle();
            }
        }
    }

    private void leave(Incarnation run, long now) {
        run.abandon(now);
        current = null;
        abandoned.add(run);
        counts.abandoned();
        owner.tell(new SupervisorEvent.Abandoned(
                owner.spec().name(), child.name(), name + " (abandoned)", run.waited(), abandoned.size()));
    }

    /// In a thread of its own, because an interrupt may close a channel, which may block.
    private void interrupt(Incarnation run) {
        Thread thread = run.thread();
        if (thread != null) {
            owner.helper(name + " (interrupt)", thread::interrupt).start();
        }
    }

    private void carry(Incarnation run, boolean blamed) {
        var parcel = run.box().seal();
        if (parcel != null) {
            carried = blamed ? new Box.Carried(parcel.element(), parcel.times() + 1) : parcel;
        }
    }

    /// The run has ended or is abandoned: what now?
    private void settle() {
        if (next.isWaiting() && !owner.isStopping()) {
            enter(next);
        } else {
            over(next.isWaiting() ? Phase.STOPPED : next);
        }
    }

    private void giveUp(String why, long now) {
        restUntilFreshStart(now);
        owner.tell(new SupervisorEvent.GaveUp(owner.spec().name(), child.name(), why, child.freshStart()));
        over(Phase.FAILED);
    }

    private void restUntilFreshStart(long now) {
        child.freshStart().ifPresent(rest -> {
            freshStartAt = now + Nanos.of(rest);
            again = Simulations.instant().plus(rest);
        });
    }

    /// One more try for a child that has failed, unless it has left too many threads behind.
    private void startFresh(long now) {
        if (abandoned.size() >= MOST_TIMES * child.maxAbandoned()) {
            restUntilFreshStart(now);
            publish();
            return;
        }
        failuresInARow = 0;
        due = now;
        enter(Phase.STARTING);
    }

    private void over(Phase as) {
        enter(as);
        owner.tell(new SupervisorEvent.Stopped(owner.spec().name(), child.name()));
    }

    // --- back-off and demands -------------------------------------------------------------------

    /// How long it rests after a failure now.
    long rest(long now) {
        var backoff = child.backoffOr(owner.spec().backoff());
        if (now - startedAt >= Nanos.of(backoff.healthyAfter())) {
            failuresInARow = 0;
        }
        return backoff.restNanos(failuresInARow++);
    }

    /// Any thread.
    void demandRestart() {
        restartDemanded = true;
    }

    private void restartNow(long now) {
        if (owner.isStopping()) {
            return;
        }
        failuresInARow = 0;
        due = now;
        switch (phase) {
            case RUNNING -> {
                next = Phase.STARTING;
                end(Objects.requireNonNull(current), null, Phase.STOPPING, child.grace(), now);
            }
            case HUNG, STOPPING -> next = Phase.STARTING;
            case STARTING, BACKING_OFF, FAILED, STOPPED -> enter(Phase.STARTING);
        }
    }

    // --- what it looks like ---------------------------------------------------------------------

    private void enter(Phase to) {
        phase = to;
        if (to != Phase.FAILED) {
            freshStartAt = NEVER;
            again = null;
        }
        since = Simulations.instant();
        publish();
    }

    private void publish() {
        state = snapshot();
    }

    private ChildState snapshot() {
        return new ChildState(
                child.name(),
                child.level(),
                phase,
                since,
                Optional.ofNullable(again),
                counts.restarts(),
                counts.expected(),
                counts.unexpected(),
                Optional.ofNullable(counts.last()),
                heart.missed(),
                abandoned.stream().map(_ -> name + " (abandoned)").toList(),
                counts.abandonedInAll(),
                counts.poisonedInAll(),
                List.of());
    }

    /// Any thread.
    ChildState state() {
        var nested = child.nested();
        return nested.isEmpty() ? state : state.with(nested.get().children());
    }

    Phase phase() {
        return phase;
    }

    Child child() {
        return child;
    }

    String name() {
        return name;
    }

    /// The threads that were abandoned.
    List<Incarnation> abandoned() {
        return abandoned;
    }

    /// The element that nobody has taken over.
    Box.@Nullable Carried carried() {
        return carried;
    }
}
