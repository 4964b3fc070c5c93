package dev.weir.runtime.supervise;

import dev.weir.runtime.Lane;
import dev.weir.runtime.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/// Builds a [Supervisor]. Belongs to one thread.
///
/// Unless set otherwise: one for one, [Backoff#standard()], any number of restarts, five seconds
/// for each level to stop, events to the log, children on the shared scheduler in lane
/// [Lane#SAMPLE].
public final class SupervisorBuilder {
    private static final int MOST_RESTARTS = 10_000;
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private final String name;
    private final List<Child> children = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private final Map<Integer, Duration> deadlines = new HashMap<>();
    private Strategy strategy = Strategy.ONE_FOR_ONE;
    private Backoff backoff = Backoff.standard();
    private int restarts = SupervisorSpec.UNLIMITED;
    private Duration period = Duration.ZERO;
    private Duration deadline = DEADLINE;
    private Consumer<? super SupervisorEvent> listener = EventLog.INSTANCE;
    private Scheduler scheduler = Scheduler.shared();
    private Lane lane = Lane.SAMPLE;

    SupervisorBuilder(String name) {
        this.name = Objects.requireNonNull(name, "name");
        if (name.isEmpty()) {
            throw new IllegalArgumentException("the name of a supervisor must not be empty");
        }
    }

    /// Adds a child. Children are started by descending level, and within a level in the order in
    /// which they are added.
    ///
    /// @throws IllegalArgumentException if there is one of that name already, or 4096 children
    public SupervisorBuilder child(Child child) {
        if (children.size() >= SupervisorSpec.MOST_CHILDREN) {
            throw new IllegalArgumentException(SupervisorSpec.tooMany(name));
        }
        if (!names.add(child.name())) {
            throw new IllegalArgumentException(SupervisorSpec.twice(name, child.name()));
        }
        children.add(child);
        return this;
    }

    /// Adds a child with everything as it is by default.
    public SupervisorBuilder child(String childName, Child.Task task) {
        return child(Child.named(childName, task));
    }

    /// Who is restarted with a child that has failed.
    public SupervisorBuilder strategy(Strategy who) {
        strategy = Objects.requireNonNull(who, "who");
        return this;
    }

    /// How long children rest before they are started again.
    public SupervisorBuilder backoff(Backoff rests) {
        backoff = Objects.requireNonNull(rests, "rests");
        return this;
    }

    /// Lets at most so many restarts happen in any period; when there is one more, the supervisor
    /// stops all its children and fails, which its own supervisor sees as the failure of a child.
    /// Restarts that [Supervisor#restart(String)] asks for do not count; a restart of several
    /// children together counts once.
    ///
    /// Meant for children that share something which may be broken for all of them: a level higher
    /// it is made anew. At the top there is nobody to do that.
    ///
    /// @param most 0 to 10,000
    /// @param time more than zero
    /// @throws IllegalArgumentException if they are less or more
    public SupervisorBuilder intensity(int most, Duration time) {
        if (most < 0 || most > MOST_RESTARTS || time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("intensity must be 0 to " + MOST_RESTARTS
                    + " restarts in a time above zero, but was " + most + " in " + time);
        }
        restarts = most;
        period = time;
        return this;
    }

    /// How long each level may take to stop. When three quarters have passed, children that still
    /// run are interrupted; at the end they are abandoned.
    ///
    /// @throws IllegalArgumentException if it is negative
    public SupervisorBuilder deadline(Duration eachLevel) {
        deadline = checked(eachLevel);
        return this;
    }

    /// How long one level may take to stop.
    ///
    /// @throws IllegalArgumentException if it is negative
    public SupervisorBuilder deadline(int level, Duration time) {
        deadlines.put(level, checked(time));
        return this;
    }

    private static Duration checked(Duration deadline) {
        if (deadline.isNegative()) {
            throw new IllegalArgumentException("deadline must be zero or more, but was " + deadline);
        }
        return deadline;
    }

    /// Who is told what happens, instead of the log.
    ///
    /// @param events called by the supervisor's loop, which waits for it: must be quick and must
    ///     not wait for a child; what it throws goes to the thread's uncaught exception handler
    public SupervisorBuilder listener(Consumer<? super SupervisorEvent> events) {
        listener = Objects.requireNonNull(events, "events");
        return this;
    }

    /// Where the children run. What they start runs there too.
    public SupervisorBuilder scheduler(Scheduler where, Lane priority) {
        scheduler = Objects.requireNonNull(where, "where");
        lane = Objects.requireNonNull(priority, "priority");
        return this;
    }

    /// The supervisor; nothing is started yet.
    public Supervisor build() {
        return new Supervisor(new SupervisorSpec(
                name, children, strategy, backoff, restarts, period, deadlines, deadline, listener, scheduler, lane));
    }
}
