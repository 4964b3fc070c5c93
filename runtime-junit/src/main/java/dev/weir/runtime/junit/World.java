package dev.weir.runtime.junit;

import dev.weir.runtime.control.Simulation;
import dev.weir.runtime.control.VirtualThreads;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The inside of a bubble: its virtual threads, who of them may run, and its clock. One carrier
/// runs them, one at a time; so nothing here needs a lock, except for `arrivals`, by which turns
/// come that other threads of the process have made possible.
final class World implements Simulation {
    /// When time begins in a bubble, as in Go's.
    private static final Instant BEGIN = Instant.parse("2000-01-01T00:00:00Z");

    /// How long threads that are probably blocked inside are given, in real time, before time
    /// jumps.
    private static final long JUMP_GRACE_NANOS = Duration.ofMillis(20).toNanos();

    /// And before they are said to be deadlocked.
    private static final long DEADLOCK_GRACE_NANOS = Duration.ofSeconds(1).toNanos();

    /// Every so many turns those from outside are let in even if others can run.
    private static final int TURNS_INSIDE = 1024;

    /// More points than this, and the schedule is taken to have no end.
    private static final long MOST_POINTS = 5_000_000;

    private static final int CLEANUP_TURNS = 10_000;

    final Monitors monitors = new Monitors(this);
    final Settlers settlers = new Settlers();
    final Trace trace;
    private final Order order;
    private final Duration patience;
    private final Bubble.Body body;
    private final boolean closed;

    // only the carrier and the threads it runs
    private final Map<Runnable, G> alive = new LinkedHashMap<>();
    private final List<G> runnable = new ArrayList<>();
    private final VirtualTimers timers = new VirtualTimers();
    private @Nullable BubbleCarrier carrier;
    private @Nullable G root;
    private @Nullable G preselected;
    private int born;
    private long turns;
    private long points;

    private final Queue<Runnable> arrivals = new ConcurrentLinkedQueue<>();

    // written by the carrier, read by the watching thread too
    private volatile boolean cleaning;
    private volatile @Nullable G current;
    private volatile @Nullable Throwable failure;

    // written by the watching thread
    private volatile boolean aborted;

    /// @param closed whether nobody outside of the bubble can have the locks that are in it
    World(Bubble.Body body, Order order, Duration patience, boolean closed, Trace trace) {
        this.closed = closed;
        this.body = body;
        this.order = order;
        this.patience = patience;
        this.trace = trace;
    }

    // --- the carrier's loop ---------------------------------------------------------------------

    /// Runs the body and all that it starts. Returns when nothing is left, or when it has failed.
    void run(BubbleCarrier by) {
        carrier = by;
        Thread first = VirtualThreads.make(this::execute, "bubble", this::runBody);
        first.start();
        while (failure == null && !aborted) {
            G next = pick();
            if (next != null) {
                turn(next);
            } else if (!findWork()) {
                break;
            }
        }
        cleanUp();
    }

    @SuppressWarnings("CatchingUnchecked") // whatever it throws is the outcome
    private void runBody() {
        try {
            body.run();
        } catch (Throwable thrown) {
            fail(thrown);
        }
    }

    private @Nullable G pick() {
        turns++;
        if (turns % TURNS_INSIDE == 0) {
            letIn();
        }
        G chosen = preselected;
        preselected = null;
        if (chosen == null) {
            if (runnable.isEmpty()) {
                return null;
            }
            chosen = order.next(runnable);
        }
        runnable.remove(chosen);
        chosen.runnable = false;
        return chosen;
    }

    private void turn(G next) {
        trace.turn(next);
        current = next;
        next.turn.run();
        current = null;
        if (!next.isAlive()) {
            alive.remove(next.turn);
        }
    }

    /// Takes a turn of one of the bubble's threads. Any thread.
    private void execute(Runnable turn) {
        BubbleCarrier own = carrier;
        if (own != null && VirtualThreads.carrier() == own) {
            ready(turn);
        } else {
            arrivals.add(turn);
            LockSupport.unpark(own);
        }
    }

    private void ready(Runnable turn) {
        G known = alive.get(turn);
        if (known == null) {
            known = born(turn);
        } else if (known == current && preselected == null && Thread.currentThread() == carrier) {
            order.yielded(known);
        }
        if (!known.runnable) {
            known.runnable = true;
            runnable.add(known);
        }
    }

    private G born(Runnable turn) {
        Thread thread = VirtualThreads.threadOf(turn);
        if (thread == null) {
            throw new IllegalStateException("this JDK does not tell whose turn " + turn.getClass() + " is");
        }
        var created = new G(++born, thread, turn, new Throwable());
        alive.put(turn, created);
        if (root == null) {
            root = created;
        }
        order.born(created);
        if (thread.getUncaughtExceptionHandler() instanceof ThreadGroup) {
            thread.setUncaughtExceptionHandler(this::uncaught);
        }
        return created;
    }

    /// A thread's exception that nobody catches fails the test; one that is only told of, as a
    /// group does with an error, goes its usual way.
    private void uncaught(Thread thread, Throwable thrown) {
        boolean ends = StackWalker.getInstance()
                .walk(frames -> frames.anyMatch(frame -> frame.getMethodName().equals("dispatchUncaughtException")));
        if (ends) {
            fail(thrown);
        } else {
            thread.getThreadGroup().uncaughtException(thread, thrown);
        }
    }

    @SuppressWarnings("ReferenceEquality") // an exception cannot suppress itself
    private void fail(Throwable thrown) {
        Throwable first = failure;
        if (cleaning) {
            return;
        }
        if (first == null) {
            failure = thrown;
        } else if (first != thrown) {
            first.addSuppressed(thrown);
        }
    }

    // --- when nobody can run --------------------------------------------------------------------

    /// Finds something for the carrier to do; false if there is nothing any more, or it has failed.
    private boolean findWork() {
        if (alive.isEmpty()) {
            return false;
        }
        if (letIn()) {
            return true;
        }
        G.Wait least = leastSure();
        if (!runnable.isEmpty()) {
            return true; // the JDK hands over a thread that is woken while its stack is read
        }
        if (least == G.Wait.OUTSIDE) {
            if (awaitArrival(patience.toNanos())) {
                return true;
            }
            fail(new StuckError(
                    "nothing has happened for " + patience + " of real time, which is the bubble's patience,"
                            + " while threads wait for something outside of it" + describe()));
            return false;
        }
        boolean unsure = least == G.Wait.UNSURE;
        if (unsure && awaitArrival(JUMP_GRACE_NANOS)) {
            return true;
        }
        if (settlers.wakeFirst()) {
            return true;
        }
        boolean ended = root != null && !root.isAlive();
        if (!ended && timers.advance()) {
            return true;
        }
        if (unsure && awaitArrival(DEADLOCK_GRACE_NANOS)) {
            return true;
        }
        fail(
                ended
                        ? new ThreadsLeftError(
                                "the body has returned, and has left " + count() + " blocked" + describe())
                        : new DeadlockError("deadlock: all " + count() + " are blocked" + describe()));
        return false;
    }

    private G.Wait leastSure() {
        var least = G.Wait.INSIDE;
        for (G each : alive.values()) {
            var waits = each.waits(closed);
            if (waits.compareTo(least) > 0) {
                least = waits;
            }
        }
        return least;
    }

    /// Lets in what has come from outside, in the order of the threads' birth.
    private boolean letIn() {
        if (arrivals.isEmpty()) {
            return false;
        }
        var known = new ArrayList<G>();
        for (Runnable turn = arrivals.poll(); turn != null; turn = arrivals.poll()) {
            G arrived = alive.get(turn);
            if (arrived == null) {
                ready(turn);
            } else {
                known.add(arrived);
            }
        }
        known.sort(Comparator.comparingInt(g -> g.number));
        known.forEach(g -> ready(g.turn));
        return true;
    }

    private boolean awaitArrival(long nanos) {
        long until = System.nanoTime() + nanos;
        while (arrivals.isEmpty() && !aborted) {
            long left = until - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            LockSupport.parkNanos(this, left);
        }
        letIn();
        return true;
    }

    private String count() {
        return alive.size() == 1 ? "1 thread" : alive.size() + " threads";
    }

    private String describe() {
        return alive.values().stream().limit(100).map(G::describe).collect(Collectors.joining("\n  ", ":\n  ", ""));
    }

    /// Lets the threads that are left end, as far as an interrupt makes them.
    private void cleanUp() {
        cleaning = true;
        for (G each : List.copyOf(alive.values())) {
            each.thread.setUncaughtExceptionHandler((thread, thrown) -> {}); // a consequence of the failure
            each.thread.interrupt();
        }
        for (int i = 0; i < CLEANUP_TURNS && (!runnable.isEmpty() || letIn()); i++) {
            G next = runnable.removeFirst();
            next.runnable = false;
            turn(next);
        }
    }

    // --- what the threads ask for ---------------------------------------------------------------

    @Override
    public long nanoTime() {
        return timers.now();
    }

    @Override
    public Instant instant() {
        return BEGIN.plusNanos(timers.now());
    }

    @Override
    public Future<?> schedule(Runnable task, long nanos) {
        return timers.add(
                () -> VirtualThreads.make(this::execute, "timer", task).start(), nanos);
    }

    @Override
    public void park(Object blocker, long nanos) {
        if (nanos - timers.now() <= 0) {
            return;
        }
        Thread sleeper = Thread.currentThread();
        var timer = timers.add(() -> LockSupport.unpark(sleeper), nanos);
        LockSupport.park(blocker);
        timer.cancel(false);
    }

    @Override
    public void point() {
        G running = current;
        if (running == null || !Thread.currentThread().isVirtual()) {
            return;
        }
        if (cleaning) {
            switchTo(running); // its turns are counted
            return;
        }
        points++;
        if (points > MOST_POINTS) {
            fail(new StuckError("no end after " + MOST_POINTS + " points of switching" + describe()));
            switchTo(running);
            return;
        }
        G chosen = order.atPoint(running, runnable);
        if (chosen != running) {
            trace.switched(running, chosen);
            switchTo(chosen);
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // it gives the carrier back, which is ours
    private void switchTo(G chosen) {
        preselected = chosen == current ? null : chosen;
        Thread.yield();
        preselected = null; // a pinned thread has not yielded
    }

    @Override
    public int choose(int origin, int bound) {
        return order.choose(origin, bound);
    }

    // --- for the watching thread -----------------------------------------------------------------

    long points() {
        return points;
    }

    @Nullable
    Throwable failure() {
        return failure;
    }

    boolean isCleaning() {
        return cleaning;
    }

    long turns() {
        return turns;
    }

    @Nullable
    G current() {
        return current;
    }

    void abort() {
        aborted = true;
        LockSupport.unpark(carrier);
    }
}
