package dev.weir.runtime;

import org.jspecify.annotations.Nullable;

/// A processor (Go's P): the right to run, with the turns that wait for it, which are its
/// superclass. A [Carrier] owns it while it runs turns; the owner pushes and polls, others steal
/// half.
///
/// All of it is under the lock of its superclass, which nobody contends for but thieves and the
/// watch: the owner can lose the processor at any instant of a turn, and its pushes have to notice.
final class Processor extends RunQueue {
    /// What [#poll] gives when the processor has another owner.
    static final Runnable LOST = () -> {
        throw new AssertionError("not a turn");
    };

    // guarded by the lock
    private @Nullable Carrier owner;
    /// Who goes on with a turn while the owner runs alarms, and gets the processor back after them.
    private @Nullable Carrier lender;

    Processor(int index) {
        super(index);
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
            if (owner != from || tickLocked() != seen) {
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
            if (owner != from || tickLocked() != seen || lender != null) {
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
            return pollAlarmLocked();
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
            return pushLocked(lane, turn, first);
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
            return pollLocked();
        } finally {
            unlock();
        }
    }

    /// Half of one lane, for the scheduler's queue, because there is no room.
    int spill(Carrier by, Loot loot, Lane lane) {
        lock();
        try {
            return owner == by ? spillLocked(loot, lane) : 0;
        } finally {
            unlock();
        }
    }
}
