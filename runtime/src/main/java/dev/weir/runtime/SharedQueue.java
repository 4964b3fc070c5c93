package dev.weir.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The turns of a scheduler that belong to none of its processors, by lane: those that strangers
/// add, and those for which a processor has no room.
abstract sealed class SharedQueue extends SpinLock permits Processors {
    private static final VarHandle QUEUED;
    private static final VarHandle ALARMS;

    static {
        try {
            MethodHandles.Lookup here = MethodHandles.lookup();
            QUEUED = here.findVarHandle(SharedQueue.class, "queued", int.class);
            ALARMS = here.findVarHandle(SharedQueue.class, "alarms", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private record Queue(Lane lane, ArrayDeque<Runnable> turns) {}

    // set once
    private final int processors;

    // guarded by the lock
    /// As long as there are virtual threads at most: each of them waits for one turn at a time.
    private final List<Queue> queues = Stream.of(Lane.values())
            .map(lane -> new Queue(lane, new ArrayDeque<>()))
            .toList();

    // guarded by the lock, and looked at without it
    private int queued;

    @SuppressWarnings("UnusedVariable") // read through ALARMS
    private int alarms;

    SharedQueue(int processors) {
        this.processors = processors;
    }

    /// Adds a turn to the queue; whoever does has to call somebody.
    final void add(Lane lane, Runnable turn) {
        lock();
        try {
            addLocked(lane, turn);
        } finally {
            unlock();
        }
    }

    final void addAll(Loot loot) {
        lock();
        try {
            for (int i = 0; i < loot.size(); i++) {
                addLocked(loot.lane(i), loot.turn(i));
            }
        } finally {
            unlock();
            loot.clear();
        }
    }

    private void addLocked(Lane lane, Runnable turn) {
        queues.get(lane.level).turns().add(turn);
        queued++;
        if (lane == Lane.ALARM) {
            alarms++;
        }
    }

    /// Whether turns wait that belong to no processor.
    final boolean hasQueued() {
        return (int) QUEUED.getVolatile(this) > 0;
    }

    /// Whether turns wait there that are no alarms, perhaps out of date.
    final boolean hasOthers() {
        return (int) QUEUED.getVolatile(this) > (int) ALARMS.getVolatile(this);
    }

    final boolean hasAlarms() {
        return (int) ALARMS.getVolatile(this) > 0;
    }

    /// A fair share of the queue for one processor, as Go reckons it.
    final int share() {
        return (int) QUEUED.getVolatile(this) / processors + 1;
    }

    /// The next alarm of the queue.
    final @Nullable Runnable takeAlarm() {
        if (!hasAlarms()) {
            return null;
        }
        lock();
        try {
            return pollLocked(queues.getFirst());
        } finally {
            unlock();
        }
    }

    private @Nullable Runnable pollLocked(Queue from) {
        Runnable turn = from.turns().poll();
        if (turn != null) {
            queued--;
            if (from.lane() == Lane.ALARM) {
                alarms--;
            }
        }
        return turn;
    }

    /// Turns of the queue: the first is returned, the others go to `loot`.
    ///
    /// @param most how many at most
    /// @param lane which lane comes first, then those below it, then those above
    final @Nullable Runnable take(Loot loot, int most, int lane) {
        if (!hasQueued()) {
            return null;
        }
        lock();
        try {
            int share = Math.min(most, loot.room());
            Runnable first = null;
            for (int i = 0; i < Lane.COUNT; i++) {
                Queue waiting = queues.get((lane + i) % Lane.COUNT);
                while (share > 0) {
                    Runnable turn = pollLocked(waiting);
                    if (turn == null) {
                        break;
                    }
                    share--;
                    if (first == null) {
                        first = turn;
                    } else {
                        loot.add(waiting.lane(), turn);
                    }
                }
            }
            return first;
        } finally {
            unlock();
        }
    }

    final boolean hasQueuedLocked() {
        return queued > 0;
    }

    /// How many turns of each lane wait there.
    final int[] lengths() {
        lock();
        try {
            return queues.stream().mapToInt(queue -> queue.turns().size()).toArray();
        } finally {
            unlock();
        }
    }
}
