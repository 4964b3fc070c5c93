package dev.weir.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// A processor (Go's P): the right to run, with the turns that wait for it. A [Carrier] owns it
/// while it runs turns; the owner pushes and polls, others steal half.
///
/// All of it is under the lock of its superclass, which nobody contends for but thieves and the
/// watch: the owner can lose the processor at any instant of a turn, and its pushes have to notice.
final class Processor extends SpinLock {
    private static final VarHandle SIZE;
    private static final VarHandle TICK;

    static {
        try {
            SIZE = MethodHandles.lookup().findVarHandle(Processor.class, "size", int.class);
            TICK = MethodHandles.lookup().findVarHandle(Processor.class, "tick", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final Lane[] LANES = Lane.values();

    /// Turns of one lane that wait here; more go to the scheduler's queue, half of them at once.
    static final int CAPACITY = 256;

    /// After so many turns in a row of who was woken last, one of those that wait longer comes.
    private static final int PARTNERS = 32;

    private static final int STATE_SHARE = 4;
    static final int SAMPLE_SHARE = 8;

    /// What [#poll] gives when the processor has another owner.
    static final Runnable LOST = () -> {
        throw new AssertionError("not a turn");
    };

    final int index;

    // guarded by the lock
    private @Nullable Carrier owner;
    /// Who goes on with a turn while the owner runs alarms, and gets the processor back after them.
    private @Nullable Carrier lender;

    private final TurnQueue[] waiting = {new TurnQueue(), new TurnQueue(), new TurnQueue()};
    private @Nullable Runnable next;
    private Lane nextLane = Lane.SAMPLE;
    private int partners;
    private int turns;

    /// How many wait. Others look at it without the lock.
    private int size;

    /// Counts turns; the watch sees by it whether the same one still runs.
    private long tick;

    Processor(int index) {
        this.index = index;
    }

    /// How many wait, perhaps out of date.
    int size() {
        return (int) SIZE.getVolatile(this);
    }

    long tick() {
        return (long) TICK.getVolatile(this);
    }

    @Nullable
    Carrier owner() {
        lock();
        try {
            return owner;
        } finally {
            unlock();
        }
    }

    void give(Carrier to) {
        lock();
        try {
            owner = to;
        } finally {
            unlock();
        }
    }

    /// Leaves it to nobody, unless it belongs to another one by now.
    ///
    /// @return whether that worked
    boolean release(Carrier by) {
        lock();
        try {
            if (owner != by) {
                lost(by);
                return false;
            }
            owner = null;
            return true;
        } finally {
            unlock();
        }
    }

    /// Takes it from a carrier that still runs the turn it ran when the watch counted `seen`.
    ///
    /// @param runs whether the carrier goes on running, and is not blocked
    /// @return whether that worked
    boolean retake(Carrier from, long seen, Carrier to, boolean runs) {
        lock();
        try {
            if (owner != from || tick != seen) {
                return false;
            }
            Carrier waits = lender;
            if (waits != null) {
                lender = null;
                waits.detach();
            }
            if (runs) {
                from.detach();
            }
            owner = to;
            return true;
        } finally {
            unlock();
        }
    }

    /// Lends it for alarms, while its carrier still runs the turn it ran when the watch counted
    /// `seen`.
    ///
    /// @return whether that worked; not if it is lent already
    boolean lend(Carrier from, long seen, Carrier to) {
        lock();
        try {
            if (owner != from || tick != seen || lender != null) {
                return false;
            }
            owner = to;
            lender = from;
            return true;
        } finally {
            unlock();
        }
    }

    /// Gives it back to who has lent it, if that one still runs the same turn.
    ///
    /// @return false if the caller is to keep it
    boolean giveBack(Carrier by) {
        lock();
        try {
            Carrier back = lender;
            if (owner != by || back == null) {
                return false;
            }
            owner = back;
            lender = null;
            return true;
        } finally {
            unlock();
        }
    }

    boolean isOwnedBy(Carrier carrier) {
        lock();
        try {
            return owner == carrier;
        } finally {
            unlock();
        }
    }

    /// Whether its owner has borrowed it.
    boolean isLent() {
        lock();
        try {
            return lender != null;
        } finally {
            unlock();
        }
    }

    /// Whether anything but alarms waits here.
    boolean hasOthers() {
        lock();
        try {
            return !waiting[Lane.STATE.level].isEmpty()
                    || !waiting[Lane.SAMPLE.level].isEmpty()
                    || (next != null && nextLane != Lane.ALARM);
        } finally {
            unlock();
        }
    }

    /// Whether an alarm waits here.
    boolean hasAlarm() {
        lock();
        try {
            return !waiting[Lane.ALARM.level].isEmpty() || (next != null && nextLane == Lane.ALARM);
        } finally {
            unlock();
        }
    }

    /// The next alarm; [#LOST] if `by` does not own the processor, null if none waits or the
    /// processor is no longer lent.
    @Nullable
    Runnable pollAlarm(Carrier by) {
        lock();
        try {
            if (owner != by) {
                return lost(by);
            }
            if (lender == null) {
                return null;
            }
            Runnable turn = pollLane(Lane.ALARM);
            if (turn == null && next != null && nextLane == Lane.ALARM) {
                turn = next;
                next = null;
            }
            if (turn != null) {
                size--;
                tick++;
            }
            return turn;
        } finally {
            unlock();
        }
    }

    /// What `by` has lent does not come back to it: it has ended the turn.
    private Runnable lost(Carrier by) {
        if (lender == by) {
            lender = null;
        }
        return LOST;
    }

    /// Adds a turn behind those that wait, or before them.
    ///
    /// @param first whether it comes next; who came next until now goes behind the others
    /// @return how many wait now; -1 if `by` does not own the processor or there is no room
    int push(Carrier by, Lane lane, Runnable turn, boolean first) {
        lock();
        try {
            if (owner != by) {
                return -1;
            }
            Runnable behind = turn;
            Lane behindLane = lane;
            if (first) {
                behind = next;
                behindLane = nextLane;
                if (behind != null && waiting[behindLane.level].isFull()) {
                    return -1;
                }
                next = turn;
                nextLane = lane;
            }
            if (behind != null) {
                if (waiting[behindLane.level].isFull()) {
                    return -1;
                }
                waiting[behindLane.level].add(behind);
            }
            size++;
            return size;
        } finally {
            unlock();
        }
    }

    /// The turn that comes next; [#LOST] if `by` does not own the processor, null if nothing waits.
    @Nullable
    Runnable poll(Carrier by) {
        lock();
        try {
            if (owner != by) {
                return lost(by);
            }
            if (size == 0) {
                return null;
            }
            turns++;
            Runnable turn = pick();
            size--;
            tick++;
            return turn;
        } finally {
            unlock();
        }
    }

    /// Takes note that the owner begins a turn from elsewhere.
    void began() {
        lock();
        try {
            tick++;
            partners = 0;
        } finally {
            unlock();
        }
    }

    private Runnable pick() {
        Lane first = turns % SAMPLE_SHARE == 0 ? Lane.SAMPLE : turns % STATE_SHARE == 0 ? Lane.STATE : Lane.ALARM;
        Runnable found = pollLane(first);
        if (found != null) {
            return found;
        }
        Runnable partner = next;
        if (partner != null && !isAhead(nextLane) && (partners < PARTNERS || onlyPartnerWaits())) {
            partners++;
            next = null;
            return partner;
        }
        partners = 0;
        for (Lane lane : LANES) {
            found = pollLane(lane);
            if (found != null) {
                return found;
            }
        }
        next = null;
        if (partner == null) {
            throw new IllegalStateException(size + " turns wait on processor " + index + ", but none is there");
        }
        return partner;
    }

    private boolean onlyPartnerWaits() {
        return size == 1;
    }

    /// Whether a lane above that one has somebody.
    private boolean isAhead(Lane of) {
        for (int lane = 0; lane < of.level; lane++) {
            if (!waiting[lane].isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Runnable pollLane(Lane lane) {
        return waiting[lane.level].poll();
    }

    /// Moves half of what waits, the highest lanes first, into `loot`.
    ///
    /// @param partnerToo whether who was woken last may be taken when nobody else waits
    /// @return how many were taken
    int steal(Loot loot, boolean partnerToo) {
        lock();
        try {
            int others = next == null ? size : size - 1;
            int wanted = Math.min(loot.room(), others - others / 2);
            int taken = 0;
            for (Lane lane : LANES) {
                while (taken < wanted) {
                    Runnable turn = pollLane(lane);
                    if (turn == null) {
                        break;
                    }
                    loot.add(lane, turn);
                    taken++;
                }
            }
            Runnable partner = next;
            if (taken == 0 && partnerToo && partner != null) {
                loot.add(nextLane, partner);
                next = null;
                taken = 1;
            }
            size -= taken;
            return taken;
        } finally {
            unlock();
        }
    }

    /// Half of one lane, for the scheduler's queue, because there is no room.
    int spill(Carrier by, Loot loot, Lane lane) {
        lock();
        try {
            if (owner != by) {
                return 0;
            }
            TurnQueue queue = waiting[lane.level];
            int taken = 0;
            while (taken < CAPACITY / 2 && loot.room() > 0) {
                Runnable turn = queue.poll();
                if (turn == null) {
                    break;
                }
                loot.add(lane, turn);
                taken++;
            }
            size -= taken;
            return taken;
        } finally {
            unlock();
        }
    }
}
