package dev.weir.runtime.junit;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Runs a test under many schedules, each in a [Bubble] of its own: at every operation of the
/// library a seed decides whether another thread goes on. The same seed gives the same schedule.
///
/// {@snippet file="InterleavingsExampleTest.java" region="explore"}
///
/// The first schedule has no switches but those that the threads make themselves. Then half of the
/// others go to anybody at every point, and half give the threads priorities that change at a few
/// points; so both what needs many switches close together and what needs few, far apart, is found.
///
/// [#explore(Class)] finds races between plain fields, monitors and the classes of
/// `java.util.concurrent` too: the class, and all of its package, is loaded anew and rewritten, so
/// that threads can be switched at each of them. What no schedule shows is what only the memory
/// model allows, such as a write that another thread sees late because the field is not volatile:
/// the threads run one at a time.
///
/// Start only virtual threads: platform threads, and executors that use them, have an order of
/// their own, and a lock or latch that all threads of the bubble wait for is taken to be a
/// deadlock.
///
/// A body must be the same each time it runs: it may not depend on real time, on real randomness,
/// on hash codes of identity, or on what an earlier run has left. Immutable; any thread may use it.
public final class Interleavings {
    /// Replays one schedule: the seed of a failure.
    static final String SEED = "weir.seed";

    /// Overrides how many schedules are run.
    static final String SCHEDULES = "weir.schedules";

    private static final int MOST_SCHEDULES = 100_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final int schedules;
    private final long firstSeed;
    private final Set<String> packages;

    /// A test that is loaded anew, and so has to have a class of its own.
    public interface Scenario {
        /// Does it; what it throws fails the test.
        void run() throws Exception;
    }

    private Interleavings(int schedules, long firstSeed, Set<String> packages) {
        this.schedules = schedules;
        this.firstSeed = firstSeed;
        this.packages = packages;
    }

    /// So many schedules; the system property `weir.schedules` overrides it. A larger number has
    /// all the schedules of a smaller one, and some more.
    ///
    /// @throws IllegalArgumentException if it is less than 1 or more than 100 million
    public static Interleavings of(int schedules) {
        int count = Integer.getInteger(SCHEDULES, schedules);
        if (count < 1 || count > MOST_SCHEDULES) {
            throw new IllegalArgumentException("schedules must be 1 to " + MOST_SCHEDULES + ", but was " + count);
        }
        return new Interleavings(count, 0, Set.of());
    }

    /// The same with other schedules. By default each run has the same ones, so that a build which
    /// has passed passes again.
    public Interleavings from(long firstSeed) {
        return new Interleavings(schedules, firstSeed, packages);
    }

    /// The same with further packages rewritten by [#explore(Class)], named exactly.
    public Interleavings rewriting(String... more) {
        var all = new TreeSet<>(packages);
        all.addAll(Arrays.asList(more));
        return new Interleavings(schedules, firstSeed, all);
    }

    /// Runs the body under all schedules, or under the one that the system property `weir.seed`
    /// names.
    ///
    /// @throws InterleavingError when the body has failed under one of them
    /// @throws IllegalStateException if the JVM does not let virtual threads run on a scheduler of
    ///     ours
    /// @throws InterruptedException if the thread is interrupted
    public void explore(Bubble.Body body) throws InterruptedException {
        Objects.requireNonNull(body, "body");
        Bubble.requireOpenDoors();
        String seed = System.getProperty(SEED);
        if (seed != null) {
            replay(Long.decode(seed), body);
            return;
        }
        var plain = plain(body);
        plain(body); // has no classes to initialize
        var seeds = new SplittableRandom(firstSeed);
        for (int schedule = 1; schedule <= schedules; schedule++) {
            run(body, Order.seed(seeds, plain.points()), "schedule " + schedule + " of " + schedules);
        }
    }

    /// Runs a scenario, of which an instance is made for each schedule, loaded anew and rewritten
    /// with the other classes of its package.
    ///
    /// @param scenario with a constructor without parameters
    public void explore(Class<? extends Scenario> scenario) throws InterruptedException {
        explore(rewritten(scenario));
    }

    /// Runs the body under one schedule, after one without switches that lets its classes be
    /// initialized.
    ///
    /// @throws InterleavingError when it has failed
    public void replay(long seed, Bubble.Body body) throws InterruptedException {
        plain(body);
        run(body, seed, "the schedule");
    }

    /// Runs a scenario under one schedule.
    ///
    /// @param scenario with a constructor without parameters
    public void replay(long seed, Class<? extends Scenario> scenario) throws InterruptedException {
        replay(seed, rewritten(scenario));
    }

    private Bubble.Body rewritten(Class<? extends Scenario> scenario) {
        var loaded = rewrittenClass(scenario).asSubclass(Scenario.class);
        return () -> {
            var maker = loaded.getDeclaredConstructor();
            maker.setAccessible(true);
            maker.newInstance().run();
        };
    }

    /// A class, loaded anew.
    Class<?> rewrittenClass(Class<?> original) {
        var all = new LinkedHashSet<>(packages);
        all.add(original.getPackageName());
        try {
            return Class.forName(original.getName(), false, new RewritingLoader(original.getClassLoader(), all));
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException("the class file of " + original.getName() + " is not to be found", e);
        }
    }

    private static World plain(Bubble.Body body) throws InterruptedException {
        var world = new World(body, new Order.Fifo(new SplittableRandom(0)), PATIENCE, true, new Trace(false));
        var failure = failure(world);
        if (failure != null) {
            throw new InterleavingError(
                    "failed without any switch, in the order in which the threads were started: " + failure,
                    0,
                    failure);
        }
        return world;
    }

    private static void run(Bubble.Body body, long seed, String which) throws InterruptedException {
        var failure = failure(new World(body, Order.of(seed), PATIENCE, true, new Trace(false)));
        if (failure != null) {
            throw new InterleavingError(
                    which + " failed: " + failure + "\nreplay it with -D" + SEED + "=" + seed + ", or with seed = "
                            + seed + "L" + story(body, seed, failure),
                    seed,
                    failure);
        }
    }

    /// Runs the schedule again to tell where it switched.
    private static String story(Bubble.Body body, long seed, Throwable first) throws InterruptedException {
        var trace = new Trace(true);
        var again = failure(new World(body, Order.of(seed), PATIENCE, true, trace));
        if (again == null || again.getClass() != first.getClass()) {
            return "\nbut it ended otherwise when it was run again (" + again
                    + "): the test depends on something beside the schedule";
        }
        return "\nthe last switches of the schedule:\n  " + trace.switches();
    }

    private static @Nullable Throwable failure(World world) throws InterruptedException {
        try {
            return Bubble.outcome(world, PATIENCE);
        } catch (Error thrown) {
            return thrown;
        }
    }

    /// The threads, by number, that took the turns of a schedule.
    static int[] turns(Bubble.Body body, long seed) throws InterruptedException {
        var trace = new Trace(false);
        var failure = failure(new World(body, Order.of(seed), PATIENCE, true, trace));
        if (failure != null) {
            throw new InterleavingError("failed: " + failure, seed, failure);
        }
        return trace.turns();
    }
}
