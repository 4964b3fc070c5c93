package dev.weir.engine.flow;

import dev.weir.runtime.supervise.ChildContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One run's turn at an inbox: it takes batches, counts what is [in hand][InHand], stops at
/// barriers, and at its end leaves to its successor what has no outcome.
///
/// It is there because a [Worker] and a [Writer] do different things with what they take, but are
/// given up and succeeded in the same way, of which each step is easy to get wrong. All methods are
/// for the run's thread, but for [#inHand] and [#end].
///
/// @param <T> the type of the elements
final class Turn<T> {
    // set once
    private final Inbox<T> inbox;
    private final ChildContext child;
    private final Halt halt;
    private final Consumer<? super T> lost;
    private final InHand hand = new InHand();

    // only the run's thread
    private final List<Object> taken = new ArrayList<>();

    // written by the run's thread before it takes from its hand or gives a sign of life, read by
    // the successor
    private List<Object> batch = List.of();
    private int at = -1;

    /// At which it is; guarded by nothing, since the successor only lets others go on.
    private volatile @Nullable Barrier crossing;

    /// @param child the run's
    /// @param halt the end of the flow
    /// @param lost told about each element that was taken when the run had been given up already
    Turn(Inbox<T> inbox, ChildContext child, Halt halt, Consumer<? super T> lost) {
        this.inbox = inbox;
        this.child = child;
        this.halt = halt;
        this.lost = lost;
    }

    // --- the one before, and the one after ------------------------------------------------------

    /// Takes over what a predecessor has left, before anything else.
    void adopt(List<Object> rest) {
        batch = rest;
        hand.take(elements(rest));
    }

    /// How many elements have no outcome. Any thread.
    int inHand() {
        return hand.count();
    }

    /// Takes everything from the run, for ever. Any thread.
    Rest<T> end() {
        InHand.Sealed left = hand.seal();
        int from = at;
        List<Object> elements = batch;
        Barrier barrier = crossing;
        if (barrier != null) {
            barrier.abandon();
        }
        var rest = new ArrayList<>(elements.subList(Math.min(from + 1, elements.size()), elements.size()));
        int behind = elements(rest);
        // What was counted off beyond the element that it has reached.
        for (int done = behind - left.elements(); done > 0; ) {
            done -= rest.removeFirst() instanceof Barrier ? 0 : 1;
        }
        return new Rest<>(rest, left.elements() > behind ? element(elements, from) : null, left.resumed());
    }

    @SuppressWarnings("unchecked") // whatever is not a barrier came in as a T
    private T element(List<Object> elements, int index) {
        return (T) elements.get(index);
    }

    private static int elements(List<Object> batch) {
        int count = 0;
        for (Object element : batch) {
            count += element instanceof Barrier ? 0 : 1;
        }
        return count;
    }

    // --- batches --------------------------------------------------------------------------------

    /// What it has in hand, to count off.
    InHand hand() {
        return hand;
    }

    /// The elements and barriers to work on.
    List<Object> batch() {
        return batch;
    }

    /// Waits for the next batch: up to `max` elements and barriers, or a barrier that others have
    /// overtaken.
    ///
    /// @return false if there will be none
    /// @throws InHand.Replaced if the run was given up
    boolean receive(int max) {
        forget();
        while (!halt.isCalled()) {
            requireCurrent();
            Barrier overtaken = inbox.overtaken();
            if (overtaken != null) {
                taken.add(overtaken);
                begin(0);
                return true;
            }
            if (take(max)) {
                return begun();
            }
        }
        return false;
    }

    /// Takes what is there.
    ///
    /// @return false if that is nothing
    boolean tryReceive(int max) {
        forget();
        return !halt.isCalled() && inbox.tryTake(taken, max) > 0 && begun();
    }

    private void forget() {
        batch = List.of();
        at = -1;
        taken.clear();
    }

    /// @return false if it was interrupted
    private boolean take(int max) {
        child.rest();
        try {
            inbox.take(taken, max);
            return true;
        } catch (InterruptedException e) {
            return false; // the loop looks whether this is the end
        } finally {
            child.beat();
        }
    }

    /// @return false if nothing was taken
    private boolean begun() {
        if (taken.isEmpty()) {
            return false;
        }
        begin(inbox.elements(taken));
        return true;
    }

    private void begin(int elements) {
        batch = taken;
        try {
            hand.take(elements);
        } catch (InHand.Replaced e) {
            // It was given up while it waited, which only a machine that stood still can cause.
            new Rest<T>(taken, null, 0).abandon(lost);
            throw e;
        }
    }

    /// Comes to an element of the batch: all before it have their outcome. Gives a sign of life. A
    /// run that counts off several at once says so for barriers only.
    void reach(int index) {
        at = index;
        child.beat();
    }

    // --- barriers -------------------------------------------------------------------------------

    /// Arrives at a barrier. The last one [leaves][#leave] it when it likes, the others
    /// [wait][#awaitOpen] before that.
    ///
    /// @return whether it was the last
    boolean arrive(Barrier barrier) {
        crossing = barrier;
        return barrier.arrive();
    }

    /// Waits until the last one has left.
    ///
    /// @throws InHand.Replaced if the run was given up
    void awaitOpen(Barrier barrier) {
        child.rest();
        try {
            while (true) {
                try {
                    barrier.awaitOpen();
                    return;
                } catch (InterruptedException e) {
                    if (halt.isCalled()) {
                        barrier.abandon();
                        return;
                    }
                    requireCurrent();
                }
            }
        } finally {
            child.beat();
        }
    }

    /// Goes on, and lets those who wait do so.
    void leave(Barrier barrier) {
        barrier.open();
        crossing = null;
    }

    // --- the end --------------------------------------------------------------------------------

    boolean isHalted() {
        return halt.isCalled();
    }

    /// @throws InHand.Replaced if the run was given up; not when all of them end
    void requireCurrent() {
        if (child.context().isDone() && !halt.isCalled()) {
            throw new InHand.Replaced();
        }
    }
}
