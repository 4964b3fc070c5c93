package dev.weir.runtime.supervise;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The definition of a child: what it does, and how it is looked after. Immutable: each setting
/// returns a new one.
///
/// {@snippet file="SupervisorExamplesTest.java" region="supervisor"}
///
/// Unless set otherwise: restarted always, in level 0, without heartbeats, with five seconds of
/// grace, at most three abandoned threads, and an element is given up after three failures.
public final class Child {
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final int ABANDONED = 3;
    private static final int POISON_AFTER = 3;

    /// What a child does. It ends when the context ends that it is given, and may return or throw
    /// whatever it likes.
    @FunctionalInterface
    public interface Task {
        /// Does the work, in a thread of its own.
        void run(ChildContext child) throws Exception;
    }

    /// What becomes of an element with which children fail again and again.
    ///
    /// @param <T> the type of the element
    @FunctionalInterface
    public interface Poison<T> {
        /// Takes the element, for example to the dead letters. Runs in the successor's thread
        /// before its task; what it throws is a failure of the child, and the element is then
        /// gone.
        ///
        /// @param times how many runs have failed with it
        void accept(T element, int times) throws Exception;
    }

    private final String name;
    private final Task task;
    private final @Nullable Supervisor nested;

    // written only before it leaves this class
    private Restart restart = Restart.ALWAYS;
    private int level;
    private @Nullable Duration heartbeat;
    private Duration grace = GRACE;
    private int maxAbandoned = ABANDONED;
    private int poisonAfter = POISON_AFTER;
    private Poison<Object> onPoison = (_, _) -> {};
    private Predicate<Throwable> expected = _ -> false;
    private @Nullable Backoff backoff;
    private @Nullable Duration freshStart;

    private Child(String name, Task task, @Nullable Supervisor nested) {
        this.name = Objects.requireNonNull(name, "name");
        this.task = Objects.requireNonNull(task, "task");
        this.nested = nested;
        if (name.isEmpty()) {
            throw new IllegalArgumentException("the name of a child must not be empty");
        }
    }

    private Child(Child from) {
        this(from.name, from.task, from.nested);
        restart = from.restart;
        level = from.level;
        heartbeat = from.heartbeat;
        grace = from.grace;
        maxAbandoned = from.maxAbandoned;
        poisonAfter = from.poisonAfter;
        onPoison = from.onPoison;
        expected = from.expected;
        backoff = from.backoff;
        freshStart = from.freshStart;
    }

    /// A child.
    ///
    /// @param name unique among its supervisor's; its thread is called `SUPERVISOR/CHILD`
    public static Child named(String name, Task task) {
        return new Child(name, task, null);
    }

    /// A supervisor as the child of another one: it runs in the child's thread, is stopped as a
    /// child is, and fails when it gives up. It is restarted on failure only, unless set otherwise:
    /// [Supervisor#stop()] of the nested one stops it, until [Supervisor#restart(String)] of the
    /// other starts it again. An interrupt makes it drop its children, so its grace, and three
    /// quarters of the deadline of its level, should be longer than its own levels' deadlines
    /// together.
    public static Child of(Supervisor nested) {
        return new Child(nested.name(), child -> nested.run(child.context()), nested).restart(Restart.ON_FAILURE);
    }

    /// When it is started again.
    public Child restart(Restart rule) {
        var child = new Child(this);
        child.restart = Objects.requireNonNull(rule, "rule");
        return child;
    }

    /// Its place in the order of shutdown: the lowest level is stopped first and started last. So
    /// sources are in a lower level than the sinks to which they send.
    public Child level(int number) {
        var child = new Child(this);
        child.level = number;
        return child;
    }

    /// Expects a sign of life in each interval: [ChildContext#beat()], or an element that goes
    /// through a channel that it [watches][ChildContext#watch(dev.weir.runtime.Channel)]. When
    /// three in a row are missing, the child is hung.
    ///
    /// @param interval more than zero
    /// @throws IllegalArgumentException if it is not
    public Child heartbeat(Duration interval) {
        if (interval.isNegative() || interval.isZero()) {
            throw new IllegalArgumentException("interval of heartbeats must be more than zero, but was " + interval);
        }
        var child = new Child(this);
        child.heartbeat = interval;
        return child;
    }

    /// How long it may take to end after its context has ended, before it is interrupted, and as
    /// long again before it is abandoned. On shutdown the level's deadline counts instead.
    ///
    /// @throws IllegalArgumentException if it is negative
    public Child grace(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("grace must be zero or more, but was " + time);
        }
        var child = new Child(this);
        child.grace = time;
        return child;
    }

    /// How many abandoned threads it may leave behind at the same time. When there are so many it
    /// gets no successor, and is reported as failed: for good, unless it gets a
    /// [fresh start][#freshStart(Duration)].
    ///
    /// @param threads 1 to 1000
    /// @throws IllegalArgumentException if it is less or more
    public Child maxAbandoned(int threads) {
        if (threads < 1 || threads > 1000) {
            throw new IllegalArgumentException("maxAbandoned must be 1 to 1000, but was " + threads);
        }
        var child = new Child(this);
        child.maxAbandoned = threads;
        return child;
    }

    /// Starts one that has failed because too many of its threads were abandoned again after this
    /// rest, as often as it takes: what it hung on may be over. Each start may cost one thread
    /// more, as long as the old ones have not ended; with three times as many as
    /// [may be abandoned][#maxAbandoned(int)] it rests on until one has.
    ///
    /// For a nested supervisor that gives up because of its
    /// [intensity][SupervisorBuilder#intensity(int, Duration)] the [back-off][#backoff(Backoff)]
    /// of this child is that rest: it begins with a new period.
    ///
    /// @param rest more than zero
    /// @throws IllegalArgumentException if it is not
    public Child freshStart(Duration rest) {
        if (!rest.isPositive()) {
            throw new IllegalArgumentException("the rest before a fresh start must be more than zero, but was " + rest);
        }
        var child = new Child(this);
        child.freshStart = rest;
        return child;
    }

    /// Which failures are to be expected, such as a connection that is lost: they are counted
    /// apart, and restart the child as all others do. That it ends by a
    /// [ContextException][dev.weir.runtime.ContextException] or an [InterruptedException] after it
    /// was cancelled is always expected.
    ///
    /// @param failures called by the supervisor's loop; must be quick
    public Child expected(Predicate<? super Throwable> failures) {
        var child = new Child(this);
        child.expected = failures::test;
        return child;
    }

    /// What to do with an [element in flight][InFlight] with which the child has failed or hung so
    /// often. Without this it is dropped after three times, which is an
    /// [event][SupervisorEvent.Poisoned] and counted.
    ///
    /// @param <T> the type of the element, the same as the child asks for
    /// @param times at least 1
    /// @throws IllegalArgumentException if it is less
    public <T> Child poison(Class<T> type, int times, Poison<? super T> handler) {
        if (times < 1) {
            throw new IllegalArgumentException("times must be at least 1, but was " + times);
        }
        Objects.requireNonNull(handler, "handler");
        var child = new Child(this);
        child.poisonAfter = times;
        child.onPoison = (element, failed) -> handler.accept(type.cast(element), failed);
        return child;
    }

    /// Another back-off than its supervisor's.
    public Child backoff(Backoff rests) {
        var child = new Child(this);
        child.backoff = Objects.requireNonNull(rests, "rests");
        return child;
    }

    /// Its name.
    public String name() {
        return name;
    }

    /// Its place in the order of shutdown.
    public int level() {
        return level;
    }

    Task task() {
        return task;
    }

    Optional<Supervisor> nested() {
        return Optional.ofNullable(nested);
    }

    Restart restart() {
        return restart;
    }

    @Nullable
    Duration heartbeat() {
        return heartbeat;
    }

    Duration grace() {
        return grace;
    }

    int maxAbandoned() {
        return maxAbandoned;
    }

    Optional<Duration> freshStart() {
        return Optional.ofNullable(freshStart);
    }

    int poisonAfter() {
        return poisonAfter;
    }

    Poison<Object> onPoison() {
        return onPoison;
    }

    Predicate<Throwable> expected() {
        return expected;
    }

    Backoff backoffOr(Backoff supervisors) {
        return backoff == null ? supervisors : backoff;
    }

    @Override
    public String toString() {
        return "Child(" + name + ")";
    }
}
