package dev.weir.engine.flow;

import dev.weir.engine.Reading;
import dev.weir.engine.Span;
import dev.weir.engine.stage.Stage;
import dev.weir.engine.stage.StageException;
import dev.weir.runtime.supervise.ChildContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Takes the readings of one partition through the stages of a segment, one after the other: one
/// run of it, in one virtual thread. Whatever a stage throws ends one reading and not the worker.
///
/// A worker that hangs is replaced, and may go on after all. So it counts a reading's outcome, and
/// passes a reading on, only after it has [taken it off][InHand] what it has in hand, which fails
/// once it is replaced.
final class Worker implements Succession.Run {
    /// One batch in so many is measured; a power of two.
    private static final int SAMPLED = 64;

    // set once
    private final Segment segment;
    private final Inbox<Reading> inbox;
    private final Step[] steps;
    private final Calls[] calls;
    private final int max;
    private final FlowClock clock;
    private final Watchdog watchdog;
    private final ChildContext child;
    private final boolean discarding;
    private final Place place;

    private final InHand hand = new InHand();

    // written by the worker's thread before it takes from its hand or gives a sign of life, read by
    // the successor
    private List<Object> batch = List.of();
    private int at;

    /// At which it is; guarded by nothing, since the successor only lets others go on.
    private volatile @Nullable Barrier crossing;

    /// How many readings it is passing on, 0 or 1. Written by the worker's thread.
    private final AtomicInteger passing = new AtomicInteger();

    private volatile boolean ended;

    // only the worker's thread
    /// How many readings are being resumed, each on behalf of the one before.
    private int depth;

    private int batches;
    private boolean measured;

    /// What a worker leaves to its successor.
    ///
    /// @param batch readings and barriers that it has not begun with
    /// @param inHand the reading that it worked on; null if it was between two
    /// @param resumed how many readings that a stage had kept were on their way
    record Rest(List<Object> batch, @Nullable Reading inHand, int resumed) {
        /// How many readings are not in the batch any more.
        int lost() {
            return resumed + (inHand == null ? 0 : 1);
        }

        void abandonBarriers() {
            for (Object element : batch) {
                if (element instanceof Barrier barrier) {
                    barrier.abandon();
                }
            }
        }
    }

    /// @param discarding whether readings are not processed, but dropped
    Worker(
            Segment segment,
            Inbox<Reading> inbox,
            List<Step> steps,
            Watchdog watchdog,
            ChildContext child,
            boolean discarding) {
        this.clock = watchdog.clock();
        this.segment = segment;
        this.inbox = inbox;
        this.watchdog = watchdog;
        this.child = child;
        this.place = new Place(segment, child);
        this.discarding = discarding;
        this.steps = steps.toArray(Step[]::new);
        this.calls = new Calls[this.steps.length];
        this.max = segment.plan().batch();
        for (int i = 0; i < calls.length; i++) {
            long timeout = this.steps[i].timeoutNanos();
            calls[i] = new Calls(i, timeout == 0 ? null : watchdog.guard(timeout));
        }
    }

    @Override
    public int inHand() {
        return hand.count() + passing.getAcquire();
    }

    boolean hasEnded() {
        return ended;
    }

    // --- the one before, and the one after ------------------------------------------------------

    /// Takes over what a predecessor has left. Before [#run].
    void adopt(List<Object> rest) {
        batch = rest;
        at = -1;
        hand.take((int) rest.stream().filter(Reading.class::isInstance).count());
    }

    /// Takes everything from this worker, for ever. Any thread.
    Rest replace() {
        place.giveBack();
        InHand.Rest left = hand.seal();
        int from = at;
        List<Object> elements = batch;
        Barrier barrier = crossing;
        if (barrier != null) {
            barrier.abandon();
        }
        List<Object> rest = new ArrayList<>(elements.subList(Math.min(from + 1, elements.size()), elements.size()));
        long behind = rest.stream().filter(Reading.class::isInstance).count();
        boolean begun = left.left() > behind;
        if (left.left() < behind) {
            rest.clear(); // there was nothing left, and it has not begun another batch
        }
        return new Rest(rest, begun && elements.get(from) instanceof Reading reading ? reading : null, left.resumed());
    }

    /// The thread ends.
    void end() {
        place.giveBack();
        ended = true;
        passing.setRelease(0);
        for (Calls each : calls) {
            if (each.guard != null) {
                watchdog.forget(each.guard);
            }
        }
    }

    // --- the thread -----------------------------------------------------------------------------

    /// Works until the inbox is closed and empty, or the flow ends.
    void run() {
        if (!batch.isEmpty()) {
            place.take();
            work(batch);
            place.giveBack();
        }
        var taken = new ArrayList<Object>(max);
        while (receive(taken)) {
            begin(taken);
            place.take();
            work(taken);
            if (place.isTaken()) {
                workOnMore(taken);
                place.giveBack();
            }
        }
    }

    /// As many as one takes at once, as long as it has the place.
    private void workOnMore(List<Object> taken) {
        batch = List.of();
        at = -1;
        taken.clear();
        if (!isHalted() && inbox.tryTake(taken, max) > 0) {
            begin(taken);
            work(taken);
        }
    }

    private boolean receive(List<Object> taken) {
        batch = List.of();
        at = -1;
        taken.clear();
        while (!isHalted()) {
            requireCurrent();
            crossOvertaken();
            child.rest();
            try {
                return inbox.take(taken, place.isScarce() ? 1 : max) > 0;
            } catch (InterruptedException e) {
                // The loop looks whether this is the end.
            } finally {
                child.beat();
            }
        }
        return false;
    }

    private void begin(List<Object> taken) {
        int readings = inbox.elements(taken);
        batch = taken;
        try {
            hand.take(readings);
        } catch (InHand.Replaced e) {
            // It was given up while it waited, which only a machine that stood still can cause.
            segment.account().deadLettered.count(Account.HUNG, readings);
            new Rest(taken, null, 0).abandonBarriers();
            throw e;
        }
        // Not the first: what is cold then would stay in the mean for long.
        measured = (++batches & (SAMPLED - 1)) == SAMPLED / 2;
    }

    private void work(List<Object> elements) {
        for (int i = 0; i < elements.size(); i++) {
            at = i;
            child.beat();
            if (elements.get(i) instanceof Reading reading) {
                handle(reading);
            } else {
                cross((Barrier) elements.get(i));
            }
        }
    }

    private void handle(Reading reading) {
        if (isHalted() || discarding) {
            hand.done(1);
            segment.drop(reading, discarding ? Account.FAILED : Account.SHUTDOWN);
            return;
        }
        Span trace = reading.trace();
        if (trace != null) {
            trace.partSinceMark("queue " + segment.name()).end();
        }
        int left = hand.left() - 1;
        long started = measured ? clock.nanoTime() : 0;
        try {
            advance(reading, 0);
        } catch (InHand.Replaced e) {
            throw e;
        } catch (Throwable e) {
            segment.log().warn("the engine failed", segment.name(), reading, e);
            lose(left);
            Fate.DEAD_LETTERED.of(reading, Account.ENGINE_ERROR);
        }
        if (measured) {
            segment.samples().add(clock.nanoTime() - started);
        }
    }

    /// Counts what is in hand beside `left` elements of the batch, after a failure that is not a
    /// stage's, which is handled where it occurs, but the engine's, or want of memory.
    private void lose(int left) {
        int lost = passing.getPlain() + hand.forgetUntil(left);
        passing.setRelease(0);
        if (lost > 0) {
            segment.account().deadLettered.count(Account.ENGINE_ERROR, lost);
        }
    }

    private boolean isHalted() {
        return segment.halt().isCalled();
    }

    private void requireCurrent() {
        if (child.context().isDone() && !isHalted()) {
            throw new InHand.Replaced();
        }
    }

    private void crossOvertaken() {
        for (Barrier barrier = inbox.overtaken(); barrier != null; barrier = inbox.overtaken()) {
            cross(barrier);
        }
    }

    /// Arrives at a barrier and waits until all partitions have.
    private void cross(Barrier barrier) {
        crossing = barrier;
        if (barrier.arrive()) {
            if (barrier.isFinishing()) {
                finish();
            }
            barrier.open();
        } else {
            // The others need it to get here too.
            boolean had = place.giveBack();
            child.rest();
            try {
                awaitOpen(barrier);
            } finally {
                child.beat();
            }
            if (had) {
                place.take();
            }
        }
        crossing = null;
    }

    private void awaitOpen(Barrier barrier) {
        while (true) {
            try {
                barrier.awaitOpen();
                return;
            } catch (InterruptedException e) {
                if (isHalted()) {
                    barrier.abandon();
                    return;
                }
                requireCurrent();
            }
        }
    }

    /// Takes a reading, which is in hand, through the stages from `first` on, and then further.
    private void advance(Reading reading, int first) {
        for (int i = first; i < steps.length; i++) {
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

    /// Says that the reading in hand has its outcome.
    ///
    /// @throws InHand.Replaced if the successor has accounted for it
    private void settle() {
        if (depth > 0) {
            hand.resumedDone();
        } else {
            hand.done(1);
        }
    }

    /// Tells the stages in their order that the input has ended.
    private void finish() {
        int left = hand.left();
        for (int i = 0; i < steps.length && !hand.isSealed(); i++) {
            try {
                steps[i].stage().finish(calls[i]);
            } catch (Throwable e) {
                segment.log().warn("a stage failed to finish", steps[i].name(), e);
                lose(left);
            }
        }
    }

    /// This worker's calls to one stage, and what the stage causes in return.
    private final class Calls implements Stage.Emitter {
        private final int index;
        private final Watchdog.@Nullable Guard guard;
        private boolean late;

        /// What follows the call that is under way; null for almost all.
        private @Nullable Span span;

        /// Where a call that is measured began, moved on by what happened behind the stage.
        private long started;

        Calls(int index, Watchdog.@Nullable Guard guard) {
            this.index = index;
            this.guard = guard;
        }

        /// Whether the reading goes on; if not, it is counted.
        boolean pass(Reading reading) {
            Span trace = reading.trace();
            return trace == null ? call(reading) : followed(reading, trace);
        }

        private boolean followed(Reading reading, Span trace) {
            Span own = trace.part("stage " + steps[index].name()).with("weir.stage", steps[index].name());
            span = own;
            try {
                return call(reading);
            } finally {
                span = null;
                own.end();
            }
        }

        private boolean call(Reading reading) {
            Stage.Verdict verdict;
            if (measured) {
                started = clock.nanoTime();
            }
            try {
                verdict = guard == null ? steps[index].stage().apply(reading, this) : guarded(guard, reading);
            } catch (Throwable e) {
                fail(reading, e);
                return false;
            }
            if (measured) {
                steps[index].samples().add(clock.nanoTime() - started);
            }
            return switch (verdict) {
                case PASS -> true;
                case FILTERED -> {
                    settle();
                    segment.account().filtered.increment();
                    Fate.FILTERED.of(reading);
                    yield false;
                }
                case DUPLICATE -> {
                    settle();
                    segment.account().duplicate.increment();
                    Fate.DUPLICATE.of(reading);
                    yield false;
                }
                case HELD -> {
                    steps[index].held().increment();
                    mark(reading);
                    keep();
                    yield false;
                }
            };
        }

        /// A reading that a stage has kept after all, although the successor has made a dead letter
        /// of it: it will come back, so it counts as another one.
        private void keep() {
            try {
                settle();
            } catch (InHand.Replaced e) {
                segment.account().accepted.increment();
                throw e;
            }
        }

        private Stage.Verdict guarded(Watchdog.Guard by, Reading reading) {
            late = false;
            by.enter();
            Stage.Verdict verdict;
            try {
                verdict = steps[index].stage().apply(reading, this);
            } catch (Throwable e) {
                if (by.leave() || late) {
                    throw timeout(by);
                }
                throw e;
            }
            // A reading that the stage keeps will come back, so it cannot be a dead letter as well.
            if ((by.leave() || late) && verdict != Stage.Verdict.HELD) {
                throw timeout(by);
            }
            return verdict;
        }

        private StageException timeout(Watchdog.Guard by) {
            return new StageException(
                    "timeout",
                    steps[index].name() + " took longer than its timeout of " + by.timeoutNanos() / 1_000_000 + " ms");
        }

        private void fail(Reading reading, Throwable thrown) {
            requireCurrent();
            settle();
            String reason = Cause.reason(thrown);
            if (reason.equals(Cause.STAGE_ERROR)) {
                segment.log().warn("a stage failed", steps[index].name(), reading, thrown);
            }
            segment.account().deadLettered.count(reason);
            segment.deadLetters()
                    .add(segment.streamName(), reading, reason, steps[index].name() + ": " + Cause.detail(thrown));
            if (span != null) {
                span.failed(reason);
            }
            Fate.DEAD_LETTERED.of(reading, reason);
        }

        /// What a stage keeps waits from now on.
        private static void mark(Reading reading) {
            Span trace = reading.trace();
            if (trace != null) {
                trace.mark();
            }
        }

        @Override
        public void emit(Reading result) {
            child.beat();
            long left = measured ? clock.nanoTime() : 0;
            boolean paused = pause();
            if (span != null) {
                // Of the many readings that made it, this one has closed the window.
                result.trace(span.part("window " + result.stream()).with("weir.stream", result.stream()));
            }
            try {
                segment.emit(result);
            } finally {
                proceed(paused);
                skip(left);
            }
        }

        @Override
        public void resume(Reading held) {
            child.beat();
            steps[index].held().decrement();
            try {
                hand.resume();
            } catch (InHand.Replaced e) {
                // Nobody else has it, and its device may be ahead of it by now. The stage goes on
                // with what it keeps of other devices.
                segment.account().deadLettered.count(Account.HUNG);
                Fate.DEAD_LETTERED.of(held, Account.HUNG);
                return;
            }
            Span trace = held.trace();
            if (trace != null) {
                trace.partSinceMark("held " + steps[index].name()).end();
            }
            depth++;
            long left = measured ? clock.nanoTime() : 0;
            boolean paused = pause();
            try {
                advance(held, index + 1);
            } catch (InHand.Replaced e) {
                // The successor has counted it; the stage is not to lose what else it lets go.
                segment.log().warn("a worker that was given up goes on", steps[index].name(), held, e);
            } finally {
                depth--;
                proceed(paused);
                skip(left);
            }
        }

        private void skip(long left) {
            if (measured) {
                started += clock.nanoTime() - left;
            }
        }

        /// What happens behind the stage does not count as its time.
        ///
        /// @return whether there is a call to go on with; there is none when the stage finishes
        private boolean pause() {
            if (guard == null || !guard.isEntered()) {
                return false;
            }
            late |= guard.leave();
            return true;
        }

        private void proceed(boolean paused) {
            if (paused && guard != null) {
                guard.enter();
            }
        }
    }
}
