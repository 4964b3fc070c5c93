package dev.weir.runtime;

import dev.weir.runtime.control.Insight;
import dev.weir.runtime.control.Simulations;
import dev.weir.runtime.control.WaitSet;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One run of a select over sends and receives. Belongs to the thread that runs it, except for the
/// claim.
///
/// All channels are locked, in the order of their ids, before any is looked at, so the choice is
/// made on the state of one instant. If no case is ready, one waiter for each case is queued
/// before the locks are released. Whoever completes one of them first claims the selection by a
/// compare-and-set; then the others are removed, each in constant time.
final class Selection implements WaitSet {
    /// What [#poll()] and [#await(Deadline)] return when no case was chosen.
    static final int NONE = -1;

    /// The result of a send.
    private static final Object SENT = new Object();

    /// The winner when the running thread has given up: no case may be completed any more.
    private static final Object GAVE_UP = new Object();

    private static final Waiter[] NO_WAITERS = {};

    private static final Comparator<Channel<?>> LOCK_ORDER = Comparator.comparingLong(channel -> channel.id);
    private static final VarHandle WINNER;

    static {
        try {
            WINNER = MethodHandles.lookup().findVarHandle(Selection.class, "winner", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    // set once
    private final Channel<?>[] channels;
    private final @Nullable Object[] elements;
    private final Channel<?>[] lockOrder;
    private final boolean inOrder;

    // only the running thread
    private @Nullable Object result;

    /// When it began to wait, or 0 where that is not measured. Tools read it too.
    private long sinceNanos;

    // set once by a compare-and-set, by whoever completes a case or by the running thread when it gives up
    @SuppressWarnings("UnusedVariable") // written through WINNER
    private volatile @Nullable Object winner;

    /// @param elements for each channel the element to send, or null to receive
    /// @param inOrder whether the first ready case is chosen, and not any
    Selection(Channel<?>[] channels, @Nullable Object[] elements, boolean inOrder) {
        this.inOrder = inOrder;
        this.channels = channels;
        this.elements = elements;
        this.lockOrder = lockOrder(channels);
    }

    /// Sends `element` to the channel, or receives from it if that is null, unless the context is
    /// done before. Returns the element received or [Channel#END].
    static Object await(Channel<?> channel, @Nullable Object element, Context context) throws InterruptedException {
        var selection = new Selection(
                new Channel<?>[] {channel, (Channel<?>) context.done()}, new @Nullable Object[] {element, null}, false);
        if (selection.await(null) != 0) {
            context.throwIfDone();
        }
        return selection.result();
    }

    boolean isDecided() {
        return winner != null;
    }

    boolean claim(Object waiter) {
        return winner == null && WINNER.compareAndSet(this, null, waiter);
    }

    /// The element received by the chosen case, [Channel#END] if its channel is closed and
    /// drained, or anything for a send.
    Object result() {
        return Objects.requireNonNull(result, "no case was chosen");
    }

    /// Runs one ready case and returns its index, or [#NONE]. Never blocks.
    int poll() {
        int chosen = NONE;
        lockAll();
        try {
            chosen = chooseLocked();
        } finally {
            unlockAll(chosen);
        }
        return chosen == NONE ? NONE : checkSent(chosen);
    }

    /// Waits until a case is ready, runs it and returns its index, or [#NONE] if the deadline
    /// passed before.
    int await(@Nullable Deadline deadline) throws InterruptedException {
        int chosen = NONE;
        var waiters = NO_WAITERS;
        lockAll();
        try {
            chosen = chooseLocked();
            if (chosen == NONE) {
                waiters = enqueueLocked();
            }
        } finally {
            unlockAll(chosen);
        }
        if (chosen != NONE) {
            return checkSent(chosen);
        }
        long start = 0;
        Object event = null;
        try {
            start = start();
            sinceNanos = start;
            event = Tracing.blocking();
            park(deadline);
        } finally {
            Tracing.blocked(event, "select", this);
            removeLosers(waiters);
            addBlocked(start);
        }
        return winner instanceof Waiter completed ? finish(completed) : NONE;
    }

    /// All waiters are made before the first is queued, so that running out of memory leaves none
    /// behind.
    private Waiter[] enqueueLocked() {
        var waiters = new Waiter[channels.length];
        for (int i = 0; i < waiters.length; i++) {
            waiters[i] = new Waiter(elements[i], this, i);
        }
        if (lockOrder.length < waiters.length && !inOrder) {
            shuffle(waiters); // of cases on one channel, the first in its queue is chosen
        }
        for (var waiter : waiters) {
            if (waiter.element == null) {
                channels[waiter.index].enqueueReceiverLocked(waiter);
            } else {
                channels[waiter.index].enqueueSenderLocked(waiter);
            }
        }
        return waiters;
    }

    private static void shuffle(Waiter[] waiters) {
        for (int i = 0; i + 1 < waiters.length; i++) {
            int pick = Simulations.choose(i, waiters.length);
            var first = waiters[pick];
            waiters[pick] = waiters[i];
            waiters[i] = first;
        }
    }

    private void removeLosers(Waiter[] waiters) {
        for (var waiter : waiters) {
            if (waiter != winner) {
                channels[waiter.index].removeWaiter(waiter);
            }
        }
    }

    /// What is to be done between queueing and parking: makes appointments for timers, reads the
    /// clock.
    private long start() {
        long start = 0;
        for (var channel : lockOrder) {
            channel.armTicks();
            if (start == 0) {
                start = channel.blocked().start();
            }
        }
        return start;
    }

    private void addBlocked(long start) {
        for (var channel : lockOrder) {
            channel.disarmTicks();
        }
        for (int i = 0; i < channels.length; i++) {
            if (lockOrder.length == channels.length || isFirstOfItsKind(i)) {
                channels[i].blocked().add(elements[i] != null, start);
            }
        }
    }

    private boolean isFirstOfItsKind(int index) {
        for (int i = 0; i < index; i++) {
            if (channels[i] == channels[index] && (elements[i] == null) == (elements[index] == null)) {
                return false;
            }
        }
        return true;
    }

    /// Parks until a waiter has won or this thread has given up, which sets the winner as well.
    private void park(@Nullable Deadline deadline) throws InterruptedException {
        while (winner == null) {
            if (Thread.interrupted()) {
                if (claim(GAVE_UP)) {
                    throw new InterruptedException("interrupted while waiting in " + this);
                }
                // A case was completed first: it stands, and the interrupt is left for the next wait.
                Thread.currentThread().interrupt();
                return;
            }
            if (deadline == null) {
                LockSupport.park(this);
                continue;
            }
            if (deadline.remainingNanos() <= 0) {
                claim(GAVE_UP);
                return;
            }
            deadline.park(this);
        }
    }

    /// Runs one of the cases that are ready, each with the same probability, or the first of them.
    /// A random number is made only where there is a choice.
    private int chooseLocked() {
        while (true) {
            int first = nextReadyLocked(0);
            if (first == NONE) {
                return NONE;
            }
            int pick = inOrder ? first : pickLocked(first);
            if (runLocked(pick)) {
                return pick;
            }
            // Another select that waits there was the only partner, and has just been completed elsewhere.
        }
    }

    private int pickLocked(int first) {
        int ready = 1;
        for (int i = nextReadyLocked(first + 1); i != NONE; i = nextReadyLocked(i + 1)) {
            ready++;
        }
        int pick = first;
        for (int skip = ready == 1 ? 0 : Simulations.choose(0, ready); skip > 0; skip--) {
            int next = nextReadyLocked(pick + 1);
            if (next == NONE) {
                break; // no longer ready
            }
            pick = next;
        }
        return pick;
    }

    /// The first case from there on that is ready, or [#NONE].
    private int nextReadyLocked(int from) {
        for (int i = from; i < channels.length; i++) {
            if (elements[i] == null ? channels[i].canReceiveLocked() : channels[i].canSendLocked()) {
                return i;
            }
        }
        return NONE;
    }

    private boolean runLocked(int index) {
        var element = elements[index];
        if (element == null) {
            result = channels[index].receiveLocked();
            return result != null;
        }
        int outcome = channels[index].sendAnyLocked(element);
        result = outcome == Waiter.CLOSED ? Channel.END : SENT;
        return outcome != Waiter.WAITING;
    }

    private int finish(Waiter completed) {
        int index = completed.index;
        if (completed.outcome() == Waiter.CLOSED) {
            result = Channel.END;
        } else {
            result = elements[index] == null ? completed.element : SENT;
        }
        return checkSent(index);
    }

    /// Unlocks, and then wakes those whom the chosen operation has completed.
    private void unlockAll(int chosen) {
        var woken = chosen == NONE ? null : channels[chosen].takeWokenLocked();
        for (int i = lockOrder.length - 1; i >= 0; i--) {
            lockOrder[i].unlock();
        }
        if (woken != null) {
            Waiter.wakeAll(woken);
        }
    }

    private int checkSent(int index) {
        if (elements[index] != null && Channel.isEnd(result)) {
            throw new SendOnClosedException(channels[index]);
        }
        return index;
    }

    private void lockAll() {
        for (var channel : lockOrder) {
            channel.lock();
        }
    }

    /// Each channel once, by id. [Channel#never()] may be locked like any other: it keeps no
    /// waiters.
    private static Channel<?>[] lockOrder(Channel<?>[] channels) {
        if (channels.length < 2 || (channels.length == 2 && channels[0].id < channels[1].id)) {
            return channels;
        }
        var sorted = channels.clone();
        Arrays.sort(sorted, LOCK_ORDER);
        int distinct = 1;
        for (int i = 1; i < sorted.length; i++) {
            if (sorted[i] != sorted[distinct - 1]) {
                sorted[distinct++] = sorted[i];
            }
        }
        return distinct == sorted.length ? sorted : Arrays.copyOf(sorted, distinct);
    }

    /// What it waits for, one for each case.
    List<Insight.Cause> causes(Thread waiting) {
        var causes = new ArrayList<Insight.Cause>(channels.length);
        for (int i = 0; i < channels.length; i++) {
            causes.add(channels[i].cause(waiting, elements[i] != null, sinceNanos));
        }
        return causes;
    }

    /// What the waiting thread is blocked on, for thread dumps and messages.
    @Override
    public List<?> members() {
        return List.of(channels);
    }

    @Override
    public String toString() {
        return "select over " + Arrays.toString(channels);
    }
}
