package dev.weir.engine.flow;

import java.util.concurrent.atomic.AtomicLong;

/// How many elements one run of a worker has taken and not accounted for, in one word that also
/// says whose they are. The run counts them off, until its successor [seals][#seal] it: from then
/// on what was left is the successor's, and the run finds that out when it wants to count. So each
/// element is accounted for once, whenever a thread that was given up goes on after all.
///
/// One uncontended atomic operation for each element.
final class InHand {
    private static final long SEALED = -1;
    private static final long RESUMED = 1L << 32;

    private final AtomicLong word = new AtomicLong();

    /// The same, only for the run's thread.
    private long own;

    /// Thrown to a run that has been replaced: it must account for nothing more, and end. Costs no
    /// stack trace.
    static final class Replaced extends RuntimeException {
        private static final long serialVersionUID = 1;

        Replaced() {
            super("replaced by its successor", null, false, false);
        }
    }

    /// What a run had in hand.
    ///
    /// @param elements of its batch
    /// @param resumed readings that a stage had kept, and that were on their way
    record Sealed(int elements, int resumed) {}

    /// A batch begins.
    ///
    /// @throws Replaced if it is the successor's turn
    void take(int elements) {
        move(own + elements);
    }

    /// That many elements of the batch have their outcome.
    ///
    /// @throws Replaced if it is the successor's turn
    void done(int elements) {
        move(own - elements);
    }

    /// A stage lets go of a reading that it kept.
    ///
    /// @throws Replaced if it is the successor's turn
    void resume() {
        move(own + RESUMED);
    }

    /// A reading that was resumed has its outcome.
    ///
    /// @throws Replaced if it is the successor's turn
    void resumedDone() {
        move(own - RESUMED);
    }

    /// Forgets all but `left` elements of the batch and `resumed` readings.
    ///
    /// @return how many it forgot
    /// @throws Replaced if it is the successor's turn
    int forgetUntil(int left, int resumed) {
        int before = count(own);
        move(left + resumed * RESUMED);
        return before - left - resumed;
    }

    private void move(long next) {
        if (!word.compareAndSet(own, next)) {
            throw new Replaced();
        }
        own = next;
    }

    /// How many elements of the batch are left. Only for the run's thread.
    int left() {
        return (int) own;
    }

    boolean isSealed() {
        return word.get() == SEALED;
    }

    /// How many there are.
    int count() {
        long now = word.get();
        return now == SEALED ? 0 : count(now);
    }

    private static int count(long word) {
        return (int) word + (int) (word >>> 32);
    }

    /// Takes everything from the run, for ever; the second time there is nothing.
    Sealed seal() {
        long last = word.getAndSet(SEALED);
        return last == SEALED ? new Sealed(0, 0) : new Sealed((int) last, (int) (last >>> 32));
    }
}
