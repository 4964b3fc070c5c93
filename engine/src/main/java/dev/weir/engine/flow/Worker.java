package dev.weir.engine.flow;

import dev.weir.engine.Reading;
import dev.weir.engine.Span;
import dev.weir.runtime.supervise.ChildContext;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Takes the readings of one partition through the stages of a segment, one after the other: one
/// run of it, in one virtual thread. Whatever a stage throws ends one reading and not the worker.
///
/// A worker that hangs is replaced, and may go on after all. So it counts a reading's outcome, and
/// passes a reading on, only after it has [taken it off][InHand] what it has in hand, which fails
/// once it is replaced.
final class Worker implements Succession.Run<Reading> {
    /// One batch in so many is measured; a power of two.
    private static final int SAMPLED = 64;

    // set once
    private final Segment segment;
    private final Turn<Reading> turn;
    private final InHand hand;
    private final FlowClock clock;
    private final ChildContext child;
    private final boolean discarding;
    private final Place place;
    private final Calls[] calls;

    /// How many readings it is passing on, 0 or 1. Written by the worker's thread.
    private final AtomicInteger passing = new AtomicInteger();

    // only the worker's thread
    /// How many readings are being resumed, each on behalf of the one before.
    private int depth;

    private int batches;
    private boolean measured;

    /// @param discarding whether readings are not processed, but dropped
    Worker(
            Segment segment,
            Inbox<Reading> inbox,
            List<Step> steps,
            Watchdog watchdog,
            ChildContext child,
            boolean discarding) {
        this.segment = segment;
        this.turn = new Turn<>(inbox, child, segment.halt(), segment::hung);
        this.hand = turn.hand();
        this.clock = watchdog.clock();
        this.child = child;
        this.discarding = discarding;
        this.place = new Place(segment, child);
        this.calls = new Calls[steps.size()];
        for (int i = 0; i < calls.length; i++) {
            calls[i] = new Calls(this, segment, steps.get(i), i + 1, watchdog);
        }
    }

    // --- the one before, and the one after ------------------------------------------------------

    @Override
    public void adopt(List<Object> batch) {
        turn.adopt(batch);
    }

    @Override
    public int inHand() {
        return turn.inHand() + passing.getAcquire();
    }

    @Override
    public Rest<Reading> replace() {
        place.giveBack();
        return turn.end();
    }

    /// The thread ends.
    void end() {
        place.giveBack();
        passing.setRelease(0);
        for (Calls each : calls) {
            each.end();
        }
    }

    // --- the thread -----------------------------------------------------------------------------

    /// Works until the inbox is closed and empty, or the flow ends.
    void run() {
        if (!turn.batch().isEmpty()) {
            place.take();
            work();
            place.giveBack();
        }
        int max = segment.plan().batch();
        while (turn.receive(place.isScarce() ? 1 : max)) {
            place.take();
            sample();
            work();
            if (place.isTaken()) {
                // As many as one takes at once, as long as it has the place.
                if (turn.tryReceive(max)) {
                    sample();
                    work();
                }
                place.giveBack();
            }
        }
    }

    private void sample() {
        // Not the first: what is cold then would stay in the mean for long.
        measured = (++batches & (SAMPLED - 1)) == SAMPLED / 2;
    }

    private void work() {
        List<Object> batch = turn.batch();
        for (int i = 0; i < batch.size(); i++) {
            turn.reach(i);
            if (batch.get(i) instanceof Reading reading) {
                handle(reading);
            } else {
                cross((Barrier) batch.get(i));
            }
        }
    }

    private void handle(Reading reading) {
        if (turn.isHalted() || discarding) {
            hand.done(1);
            segment.drop(reading, discarding ? Account.FAILED : Account.SHUTDOWN);
            return;
        }
        long started = measured ? clock.nanoTime() : 0;
        carry(reading, 0, hand.left() - 1, 0);
        if (measured) {
            segment.samples().add(clock.nanoTime() - started);
        }
    }

    /// Takes a reading, which is in hand, through the stages from `first` on, and then further. A
    /// failure that is not a stage's, but the engine's, or want of memory, ends this reading too.
    ///
    /// @param left how many elements of the batch are in hand afterwards
    /// @param resumed and how many readings that stages had kept
    private void carry(Reading reading, int first, int left, int resumed) {
        try {
            Span trace = reading.trace();
            if (trace != null) {
                trace.partSinceMark(first == 0 ? "queue " + segment.name() : "held " + calls[first - 1].name())
                        .end();
            }
            advance(reading, first);
        } catch (InHand.Replaced e) {
            passing.setRelease(0);
            throw e;
        } catch (Throwable e) {
            // Before anything else, which may fail too.
            lose(left, resumed);
            segment.log().warn("the engine failed", segment.name(), reading, e);
            Fate.DEAD_LETTERED.of(reading, Account.ENGINE_ERROR);
        }
    }

    private void advance(Reading reading, int first) {
        for (int i = first; i < calls.length; i++) {
            if (!calls[i].pass(reading)) {
                return;
            }
        }
        Throwable objection = segment.evaluate(reading);
        if (objection != null) {
            requireCurrent();
        }
        // It stays in hand while it waits for room in queues, but is not the successor's any more.
        passing.setRelease(1);
        settle();
        if (objection == null) {
            segment.pass(reading);
        } else {
            segment.refuse(reading, objection);
        }
        passing.setRelease(0);
    }

    /// Counts what has no outcome beside `left` elements of the batch and `resumed` readings.
    private void lose(int left, int resumed) {
        if (passing.getPlain() > 0) {
            segment.account().deadLettered.count(Account.ENGINE_ERROR);
            passing.setRelease(0);
        }
        int forgotten = hand.forgetUntil(left, resumed);
        if (forgotten > 0) {
            segment.account().deadLettered.count(Account.ENGINE_ERROR, forgotten);
        }
    }

    // --- barriers -------------------------------------------------------------------------------

    /// Arrives at a barrier and waits until all partitions have.
    private void cross(Barrier barrier) {
        if (turn.arrive(barrier)) {
            if (barrier.isFinishing()) {
                finish();
            }
        } else {
            // The others need it to get here too.
            boolean had = place.giveBack();
            turn.awaitOpen(barrier);
            if (had) {
                place.take();
            }
        }
        turn.leave(barrier);
    }

    /// Tells the stages in their order that the input has ended.
    private void finish() {
        int left = hand.left();
        for (int i = 0; i < calls.length && !hand.isSealed(); i++) {
            try {
                calls[i].finish();
            } catch (Throwable e) {
                lose(left, 0);
                segment.log().warn("a stage failed to finish", calls[i].name(), e);
            }
        }
    }

    // --- what its calls to stages need ----------------------------------------------------------

    /// Whether this batch is one of those whose times are taken.
    boolean isMeasured() {
        return measured;
    }

    /// Gives a sign of life.
    void beat() {
        child.beat();
    }

    /// @throws InHand.Replaced if the worker was given up
    void requireCurrent() {
        turn.requireCurrent();
    }

    /// Says that the reading in hand has its outcome.
    ///
    /// @throws InHand.Replaced if the successor has accounted for it
    void settle() {
        if (depth > 0) {
            hand.resumedDone();
        } else {
            hand.done(1);
        }
    }

    /// Takes a reading that a stage had kept through the stages from `first` on, and then further.
    ///
    /// @throws InHand.Replaced if the successor has accounted for it
    void resume(Reading held, int first) {
        try {
            hand.resume();
        } catch (InHand.Replaced e) {
            // Nobody else has it, and its device may be ahead of it by now. The stage goes on with
            // what it keeps of other devices.
            segment.hung(held);
            return;
        }
        depth++;
        try {
            carry(held, first, hand.left(), depth - 1);
        } finally {
            depth--;
        }
    }
}
