package dev.weir.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// The turns that wait for a processor: those of each lane in their order, and before those of its
/// lane who was woken last, since its waker is about to wait for it.
///
/// The methods whose names end in `Locked` want the lock held.
abstract sealed class RunQueue extends SpinLock permits Processor {
    private static final VarHandle SIZE;
    private static final VarHandle TICK;

    static {
        try {
            SIZE = MethodHandles.lookup().findVarHandle(RunQueue.class, "size", int.class);
            TICK = MethodHandles.lookup().findVarHandle(RunQueue.class, "tick", long.class);
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

    // set once
    final int index;

    // guarded by the lock
    private final TurnQueue[] waiting = {new TurnQueue(), new TurnQueue(), new TurnQueue()};
    private @Nullable Runnable next;
    private Lane nextLane = Lane.SAMPLE;
    private int partners;
    private int turns;
    private long handOffs;

    /// How many wait. Others look at it without the lock.
    private int size;

    /// Counts turns; the watch sees by it whether the same one still runs.
    private long tick;

    RunQueue(int index) {
        this.index = index;
    }

    /// How many wait, perhaps out of date.
    final int size() {
        return (int) SIZE.getVolatile(this);
    }

    final long tick() {
        return (long) TICK.getVolatile(this);
    }

    final long tickLocked() {
        return tick;
    }

    /// How many turns of each lane wait here.
    final int[] lengths() {
        lock();
        try {
            var lengths = new int[Lane.COUNT];
            for (Lane lane : LANES) {
                lengths[lane.level] = waiting[lane.level].size();
            }
            if (next != null) {
                lengths[nextLane.level]++;
            }
            return lengths;
        } finally {
            unlock();
        }
    }

    /// How many turns were those of who was woken last.
    final long handOffs() {
        lock();
        try {
            return handOffs;
        } finally {
            unlock();
        }
    }

    /// Whether anything but alarms waits here.
    final boolean hasOthers() {
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
    final boolean hasAlarm() {
        lock();
        try {
            return !waiting[Lane.ALARM.level].isEmpty() || (next != null && nextLane == Lane.ALARM);
        } finally {
            unlock();
        }
    }

    /// Adds a turn behind those that wait, or before them.
    ///
    /// @param first whether it comes next; who came next until now goes behind the others
    /// @return how many wait now; -1 if there is no room
    final int pushLocked(Lane lane, Runnable turn, boolean first) {
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
    }

    /// The turn that comes next, or null.
    final @Nullable Runnable pollLocked() {
        if (size == 0) {
            return null;
        }
        turns++;
        Runnable turn = pick();
        size--;
        tick++;
        return turn;
    }

    /// The next alarm, or null.
    final @Nullable Runnable pollAlarmLocked() {
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
    }

    /// Takes note that the owner begins a turn from elsewhere.
    final void began() {
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
            handOffs++;
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
    final int steal(Loot loot, boolean partnerToo) {
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

    /// Half of one lane, because there is no room.
    final int spillLocked(Loot loot, Lane lane) {
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
    }
}
