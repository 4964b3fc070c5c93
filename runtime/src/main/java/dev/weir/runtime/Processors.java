package dev.weir.runtime;

import dev.weir.runtime.control.LiveThreads;
import dev.weir.runtime.control.VirtualThreads;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the processors of one scheduler share (Go's `sched`): the queue of turns that belong to
/// none of them, which is its superclass, the idle processors and carriers, and who is called when
/// there is work.
///
/// **No wake-up is lost** because whoever adds a turn looks for an idle processor afterwards, and
/// whoever becomes idle looks for turns afterwards; between the two looks and the two writes lies a
/// full fence on either side. At most one carrier is called at a time: it looks around (spins) and
/// calls the next when it has found something.
final class Processors extends SharedQueue {
    private static final VarHandle SPINNING;
    private static final VarHandle IDLE;

    static {
        try {
            MethodHandles.Lookup here = MethodHandles.lookup();
            SPINNING = here.findVarHandle(Processors.class, "spinning", int.class);
            IDLE = here.findVarHandle(Processors.class, "idleCount", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final String name;
    final Processor[] all;
    private final List<Door> doors;
    private final int maxCarriers;

    // guarded by the lock
    private final ArrayDeque<Processor> idle = new ArrayDeque<>();
    private final ArrayDeque<Carrier> resting = new ArrayDeque<>();
    private int carriers;
    private long named;
    private @Nullable Watch watch;

    // guarded by the lock, and looked at without it
    @SuppressWarnings("UnusedVariable") // read through IDLE
    private int idleCount;

    /// Counts the turns that strangers give; one that is lost does not matter.
    private int given;

    final SchedulerCounters counters = new SchedulerCounters();

    /// Carriers that look for work.
    @SuppressWarnings("UnusedVariable") // written through SPINNING
    private int spinning;

    /// The time at which the watch has looked last; 0 when there is no watch.
    private volatile long lookedNanos;

    /// Carriers that run on with a turn for whose length their processor was taken.
    final AtomicInteger detached = new AtomicInteger();

    Processors(String name, int count, int maxCarriers) {
        super(count);
        this.name = name;
        this.maxCarriers = maxCarriers;
        this.all = new Processor[count];
        for (int i = count - 1; i >= 0; i--) {
            all[i] = new Processor(i);
            idle.push(all[i]);
        }
        this.doors = Stream.of(Lane.values()).map(lane -> new Door(this, lane)).toList();
        idleCount = count;
    }

    /// Where the JDK leaves the turns of virtual threads of that lane.
    Executor door(Lane lane) {
        return doors.get(lane.level);
    }

    // --- turns -----------------------------------------------------------------------------------

    /// Takes a turn of a virtual thread. Any thread: the carrier itself, a virtual thread on it, or
    /// a stranger.
    void execute(Lane lane, Runnable turn) {
        LiveThreads.turn(turn);
        if (VirtualThreads.carrier() instanceof Carrier carrier && carrier.home == this) {
            give(carrier, lane, TurnClock.measures(lane, ++carrier.given) ? counters.clock.timed(lane, turn) : turn);
        } else {
            add(lane, TurnClock.measures(lane, ++given) ? counters.clock.timed(lane, turn) : turn);
            wake();
        }
    }

    private void give(Carrier carrier, Lane lane, Runnable turn) {
        Processor own = carrier.processor;
        // What the carrier itself adds has given up its turn: it goes behind the others.
        boolean first = Thread.currentThread() != carrier;
        int waiting = own == null ? -1 : own.push(carrier, lane, turn, first);
        if (waiting < 0 && own != null && own.spill(carrier, carrier.loot, lane) > 0) {
            addAll(carrier.loot);
            waiting = own.push(carrier, lane, turn, first);
        }
        if (waiting > 1 || (waiting == 1 && lane == Lane.ALARM)) {
            wake();
        }
        // A single one runs when its waker waits; the watch sees to it if that takes long.
        if (waiting <= 0) {
            put(lane, turn);
        }
    }

    /// Puts a turn back that its carrier could not keep.
    void put(Lane lane, Runnable turn) {
        add(lane, turn);
        wake();
    }

    // --- carriers ----------------------------------------------------------------------------------

    /// Calls a carrier if a processor is idle and nobody looks for work already.
    void wake() {
        VarHandle.fullFence();
        if (!hasIdle() || (int) SPINNING.getVolatile(this) != 0 || !SPINNING.compareAndSet(this, 0, 1)) {
            return;
        }
        call();
    }

    /// Calls a carrier on behalf of who counts as spinning; the count goes to that carrier. If
    /// there is nobody to call it is taken back under the lock, with which a processor would
    /// become idle: later, somebody who adds a turn could rely on a look around that never comes.
    private void call() {
        Processor processor;
        Carrier carrier;
        lock();
        try {
            processor = idle.poll();
            carrier = processor == null ? null : spare();
            if (processor == null || carrier == null) {
                if (processor != null) {
                    idle.push(processor);
                }
                SPINNING.getAndAdd(this, -1);
                return;
            }
            idleCount--;
        } finally {
            unlock();
        }
        processor.give(carrier);
        try {
            carrier.call(processor, true, false);
        } catch (OutOfMemoryError e) {
            SPINNING.getAndAdd(this, -1);
            withoutThread(processor, carrier, e);
        }
    }

    /// The machine has no thread for a new carrier: that is the bound then. Only where there is
    /// none at all, and nobody would ever run what waits, the caller is told.
    private void withoutThread(Processor processor, Carrier carrier, OutOfMemoryError thrown) {
        counters.refused.increment();
        lock();
        try {
            carriers--;
            if (!processor.giveBack(carrier) && processor.release(carrier)) {
                idle.push(processor);
                idleCount++;
            }
            carrier.attach();
            if (carriers > 0) {
                return;
            }
        } finally {
            unlock();
        }
        throw thrown;
    }

    /// A resting carrier or a new one; null at the bound. Under the lock.
    private @Nullable Carrier spare() {
        startWatch();
        Carrier resting = this.resting.poll();
        if (resting != null) {
            return resting;
        }
        if (carriers >= maxCarriers) {
            return null;
        }
        carriers++;
        return new Carrier(this, name + "-carrier-" + ++named);
    }

    /// If the machine has no thread for it, the next call tries again. Under the lock.
    private void startWatch() {
        if (watch != null) {
            return;
        }
        Watch made = new Watch(this);
        try {
            made.start();
            watch = made;
        } catch (OutOfMemoryError e) {
            counters.refused.increment();
        }
    }

    /// Whether the caller may look for work in other processors' queues: half of the busy ones may.
    boolean startSpinning() {
        if (2 * (int) SPINNING.getVolatile(this) >= all.length - (int) IDLE.getVolatile(this)) {
            return false;
        }
        SPINNING.getAndAdd(this, 1);
        return true;
    }

    /// Ends the caller's look around, and says whether it was the last one.
    boolean stopSpinning() {
        return (int) SPINNING.getAndAdd(this, -1) == 1;
    }

    /// Lays down a processor and its carrier, unless turns wait in the queue or the carrier has
    /// lost the processor, which belongs to another one then. Once it is laid down it may be
    /// called at any instant.
    boolean rest(Carrier carrier, Processor processor) {
        lock();
        try {
            if (hasQueuedLocked() || !processor.release(carrier)) {
                return false;
            }
            carrier.prepare();
            idle.push(processor);
            idleCount++;
            resting.push(carrier);
            counters.rested.increment();
            return true;
        } finally {
            unlock();
        }
    }

    /// An idle processor for a carrier that has lost its own; if there is none the carrier is laid
    /// down.
    @Nullable
    Processor processorOrRest(Carrier carrier) {
        Processor found;
        lock();
        try {
            found = idle.poll();
            if (found == null) {
                carrier.prepare();
                resting.push(carrier);
                return null;
            }
            idleCount--;
        } finally {
            unlock();
        }
        found.give(carrier);
        return found;
    }

    /// Lets a carrier end that has rested long; not if it was called meanwhile.
    boolean end(Carrier carrier) {
        lock();
        try {
            if (!resting.remove(carrier)) {
                return false;
            }
            carriers--;
            return true;
        } finally {
            unlock();
        }
    }

    /// Hands a processor over to another carrier while its own still runs the turn of `tick`.
    ///
    /// @param runs whether that one runs, and is not blocked
    void retake(Processor processor, Carrier from, long tick, boolean runs) {
        handOver(to -> processor.retake(from, tick, to, runs), processor, false);
    }

    /// Lends a processor to another carrier for alarms, while its own still runs the turn of
    /// `tick`.
    void lend(Processor processor, Carrier from, long tick) {
        if (handOver(to -> processor.lend(from, tick, to), processor, true)) {
            counters.lent.increment();
        }
    }

    private boolean handOver(Predicate<Carrier> change, Processor processor, boolean borrowed) {
        Carrier to;
        lock();
        try {
            to = spare();
        } finally {
            unlock();
        }
        if (to == null) {
            counters.refused.increment();
            return false;
        }
        if (!change.test(to)) {
            putBack(to);
            return false;
        }
        counters.retaken.increment();
        Tracing.retaken(name, to.getName(), borrowed);
        try {
            to.call(processor, false, borrowed);
        } catch (OutOfMemoryError e) {
            withoutThread(processor, to, e);
        }
        return true;
    }

    private void putBack(Carrier unused) {
        lock();
        try {
            if (unused.isAlive()) {
                resting.push(unused);
            } else {
                carriers--;
            }
        } finally {
            unlock();
        }
    }

    // --- what it looks like -----------------------------------------------------------------------

    boolean isIdle() {
        return (int) IDLE.getVolatile(this) == all.length;
    }

    boolean hasIdle() {
        return (int) IDLE.getVolatile(this) > 0;
    }

    int idle() {
        return (int) IDLE.getVolatile(this);
    }

    int spinning() {
        return Math.max(0, (int) SPINNING.getVolatile(this));
    }

    int resting() {
        lock();
        try {
            return resting.size();
        } finally {
            unlock();
        }
    }

    /// Whether any turn waits.
    boolean hasTurns() {
        if (hasQueued()) {
            return true;
        }
        for (Processor one : all) {
            if (one.size() > 0) {
                return true;
            }
        }
        return false;
    }

    int carriers() {
        lock();
        try {
            return carriers;
        } finally {
            unlock();
        }
    }

    /// The time, late by up to ten milliseconds, or more where the machine is busy.
    long aboutNow() {
        long looked = lookedNanos;
        return looked == 0 ? System.nanoTime() : looked;
    }

    void looks(long now) {
        lookedNanos = now;
    }

    /// Lets the watch end if no carrier is left.
    boolean endWatch() {
        lock();
        try {
            if (carriers > 0) {
                return false;
            }
            watch = null;
            lookedNanos = 0;
            return true;
        } finally {
            unlock();
        }
    }
}
