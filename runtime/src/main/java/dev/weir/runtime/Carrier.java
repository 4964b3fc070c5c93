package dev.weir.runtime;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A platform thread that runs turns (Go's M), while it has a [Processor]. Ends when it has rested
/// for long.
final class Carrier extends Thread {
    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(10);

    /// Looks at all processors before it rests; between them it pauses.
    private static final int ROUNDS = Runtime.getRuntime().availableProcessors() == 1 ? 1 : 40;

    private static final int PAUSES = 16;

    /// From this round on who was woken last is taken too: its waker had time to wait.
    private static final int PARTNER_ROUND = 20;

    /// Every so many turns the scheduler's queue comes first, so that it cannot starve.
    private static final int QUEUE_TURNS = 61;

    final Processors home;
    final Loot loot = new Loot();

    /// Its processor, as far as it knows. Written by whoever calls it, before `called`, and by
    /// itself.
    @Nullable
    Processor processor;

    private boolean spinning;
    private int turns;
    private volatile boolean called;

    Carrier(Processors home, String name) {
        super(null, null, name, 0, false);
        this.home = home;
        setDaemon(true);
    }

    @Override
    public void run() {
        while (true) {
            Runnable turn = next();
            if (turn == null) {
                return;
            }
            if (spinning) {
                spinning = false;
                if (home.stopSpinning()) {
                    home.wake(); // where one turn was there may be more
                }
            }
            turn.run();
        }
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
                stopSpinning();
            } else if (turn != null) {
                return turn;
            } else if (!restWith(own)) {
                return null;
            }
        }
    }

    private @Nullable Runnable find(Processor own) {
        if (++turns % QUEUE_TURNS == 0 || home.hasAlarms()) {
            Runnable turn = fromQueue(own);
            if (turn != null) {
                return turn;
            }
        }
        Runnable turn = own.poll(this);
        if (turn != null) {
            return turn;
        }
        turn = fromQueue(own);
        return turn != null ? turn : steal(own);
    }

    private @Nullable Runnable fromQueue(Processor own) {
        Runnable turn = home.take(loot);
        keep(own);
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
            if (anybodyWaits()) {
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

    private boolean anybodyWaits() {
        if (home.hasQueued()) {
            return true;
        }
        for (Processor one : home.all) {
            if (one.size() > 0) {
                return true;
            }
        }
        return false;
    }

    /// Under the scheduler's lock, before others can see that it rests.
    void prepare() {
        called = false;
        processor = null;
        spinning = false;
    }

    /// Gives it a processor, which it owns already, and lets it run.
    void call(Processor with, boolean spins) {
        processor = with;
        spinning = spins;
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
        return true;
    }
}
