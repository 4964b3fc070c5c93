package dev.weir.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A platform thread that runs turns (Go's M), while it has a [Processor]. Ends when it has rested
/// for long.
final class Carrier extends Thread {
    private static final VarHandle TURNS;

    static {
        try {
            TURNS = MethodHandles.lookup().findVarHandle(Carrier.class, "turns", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(10);

    /// Looks at all processors before it rests; between them it pauses, since each look takes the
    /// cache line from the owner: with a quarter of the pauses and more rounds, selects took half
    /// as long again.
    private static final int ROUNDS = Runtime.getRuntime().availableProcessors() == 1 ? 1 : 12;

    private static final int PAUSES = 64;

    /// From this round on who was woken last is taken too: its waker had time to wait.
    private static final int PARTNER_ROUND = 8;

    /// Every so many turns the scheduler's queue comes first, so that it cannot starve.
    private static final int QUEUE_TURNS = 61;

    final Processors home;
    final Loot loot = new Loot();

    /// Where threads are entered that begin on it.
    final Roster roster = Roster.part();

    /// Its processor, as far as it knows. Written by whoever calls it, before `called`, and by
    /// itself.
    @Nullable
    Processor processor;

    private boolean spinning;

    /// Whether the processor is lent to it for alarms, by a carrier that still runs a turn.
    private boolean borrows;

    /// Counts the turns that are given to the scheduler while it runs.
    int given;

    /// Counts its turns and the calls to it: the watch sees by it whether the same turn still runs.
    private int turns;

    private volatile boolean called;

    // written by who takes its processor, under that one's lock; cleared by itself when it notices
    private volatile boolean detached;

    /// Whether it has heard the last call. Where the machine is busy it may take long until then.
    private volatile boolean awake;

    // only the watch
    private int seen;
    private long seenNanos;

    // set once, by itself
    private volatile @Nullable OsThread osThread;

    Carrier(Processors home, String name) {
        super(null, null, name, 0, false);
        this.home = home;
        setDaemon(true);
    }

    @Override
    public void run() {
        osThread = OsThread.current();
        awake = true;
        boolean goesOn = true;
        while (goesOn) {
            goesOn = runNext();
        }
    }

    /// A method of its own, so that a carrier that rests does not keep the last thread it has run from
    /// being collected.
    ///
    /// @return false if the carrier ends
    private boolean runNext() {
        Runnable turn = next();
        if (turn == null) {
            return false;
        }
        if (spinning) {
            spinning = false;
            if (home.stopSpinning()) {
                home.wake(); // where one turn was there may be more
            }
        }
        turn.run();
        return true;
    }

    /// The next turn; null when the carrier ends.
    @SuppressWarnings("ReferenceEquality") // LOST stands for itself
    private @Nullable Runnable next() {
        while (true) {
            Processor own = processor;
            if (own == null) {
                own = home.processorOrRest(this);
                if (own == null) {
                    if (!awaitCall()) {
                        return null;
                    }
                    continue;
                }
                processor = own;
            }
            Runnable turn = find(own);
            if (turn == Processor.LOST) {
                processor = null;
                borrows = false;
                stopSpinning();
                attach();
            } else if (turn != null) {
                return turn;
            } else if (!restWith(own)) {
                return null;
            }
        }
    }

    private @Nullable Runnable find(Processor own) {
        int turn = turns + 1;
        TURNS.setOpaque(this, turn);
        Runnable found = borrows ? findAlarm(own) : null;
        if (found != null) {
            return found;
        }
        if (turn % QUEUE_TURNS == 0) {
            found = begun(own, home.take(loot, 1, Math.floorMod(turn / QUEUE_TURNS, Lane.COUNT)));
        } else if (home.hasAlarms() && turn % Processor.SAMPLE_SHARE != 0 && own.isOwnedBy(this)) {
            found = begun(own, home.takeAlarm());
        }
        if (found == null) {
            found = own.poll(this);
        }
        if (found == null) {
            found = fromQueue(own);
        }
        return found != null ? found : steal(own);
    }

    /// The next alarm; when there is none the processor goes back.
    ///
    /// @return null if the lender has ended the turn for whose sake it was lent: the carrier keeps
    /// the processor then, for all turns
    private @Nullable Runnable findAlarm(Processor own) {
        Runnable turn = own.pollAlarm(this);
        if (turn == null && own.isLent()) {
            turn = begun(own, home.takeAlarm());
        }
        if (turn == null) {
            borrows = false;
            turn = own.giveBack(this) ? Processor.LOST : null;
        }
        return turn;
    }

    private @Nullable Runnable fromQueue(Processor own) {
        Runnable turn = home.take(loot, home.share(), 0);
        keep(own);
        return begun(own, turn);
    }

    private static @Nullable Runnable begun(Processor own, @Nullable Runnable turn) {
        if (turn != null) {
            own.began();
        }
        return turn;
    }

    /// Puts the loot onto the own processor, or back to the scheduler when that is lost.
    private void keep(Processor own) {
        for (int i = 0; i < loot.size(); i++) {
            if (own.push(this, loot.lane(i), loot.turn(i), false) < 0) {
                home.put(loot.lane(i), loot.turn(i));
            }
        }
        loot.clear();
    }

    private @Nullable Runnable steal(Processor own) {
        if (!spinning && !home.startSpinning()) {
            return null;
        }
        spinning = true;
        int count = home.all.length;
        int begin = ThreadLocalRandom.current().nextInt(count);
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < count; i++) {
                Processor victim = home.all[(begin + i) % count];
                if (victim != own && victim.size() > 0 && victim.steal(loot, round >= PARTNER_ROUND) > 0) {
                    Runnable first = loot.turn(loot.size() - 1);
                    loot.dropLast();
                    home.counters.stolen.increment();
                    keep(own);
                    own.began();
                    return first;
                }
            }
            if (home.hasQueued()) {
                Runnable turn = fromQueue(own);
                if (turn != null) {
                    return turn;
                }
            }
            for (int i = 0; i < PAUSES; i++) {
                Thread.onSpinWait();
            }
        }
        return null;
    }

    /// Rests until it is called, or returns at once if there is work after all.
    ///
    /// @return false if the carrier ends
    private boolean restWith(Processor own) {
        boolean looked = spinning;
        if (!home.rest(this, own)) {
            return true;
        }
        // It may have been called already: what a caller writes must stay as it is.
        if (looked) {
            home.stopSpinning();
            if (home.hasTurns()) {
                home.wake(); // perhaps this carrier
            }
        }
        return awaitCall();
    }

    private void stopSpinning() {
        if (spinning) {
            spinning = false;
            home.stopSpinning();
        }
    }

    // --- for the watch -----------------------------------------------------------------------------

    /// For how long it has been seen to run the same turn; 0 when seen for the first time.
    long heldNanos(long now) {
        int turn = (int) TURNS.getOpaque(this);
        if (turn != seen) {
            seen = turn;
            seenNanos = now;
        }
        return now - seenNanos;
    }

    /// Whether it runs: one that was called and waits for the machine cannot be made to go faster.
    boolean isAwake() {
        return awake;
    }

    /// Whether it is blocked in its turn.
    boolean isBlocked() {
        return switch (getState()) {
            case BLOCKED, WAITING, TIMED_WAITING -> true;
            case RUNNABLE -> {
                OsThread thread = osThread;
                yield thread != null && thread.sleeps();
            }
            case NEW, TERMINATED -> false;
        };
    }

    /// Takes note that it runs on without a processor. Under the lock of that one.
    void detach() {
        detached = true;
        home.detached.incrementAndGet();
    }

    /// Takes note that it has noticed, or never runs.
    void attach() {
        if (detached) {
            detached = false;
            home.detached.decrementAndGet();
        }
    }

    // -----------------------------------------------------------------------------------------------

    /// Under the scheduler's lock, before others can see that it rests.
    void prepare() {
        called = false;
        processor = null;
        spinning = false;
    }

    /// Gives it a processor, which it owns already, and lets it run.
    ///
    /// @param spins whether it counts as one that looks for work
    /// @param borrowed whether it is to run alarms only and to give the processor back then
    void call(Processor with, boolean spins, boolean borrowed) {
        processor = with;
        spinning = spins;
        borrows = borrowed;
        awake = false;
        TURNS.setOpaque(this, turns + 1);
        called = true;
        if (getState() == State.NEW) {
            start();
        } else {
            LockSupport.unpark(this);
        }
    }

    private boolean awaitCall() {
        long until = System.nanoTime() + REST_NANOS;
        while (!called) {
            long left = until - System.nanoTime();
            if (left <= 0) {
                if (home.end(this)) {
                    return false;
                }
                until = System.nanoTime() + REST_NANOS; // called this very moment
            } else {
                LockSupport.parkNanos(home, left);
            }
        }
        awake = true;
        return true;
    }
}
