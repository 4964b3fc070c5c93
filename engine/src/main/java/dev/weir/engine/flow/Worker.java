package dev.weir.engine.flow;

import dev.weir.engine.Reading;
import dev.weir.engine.Span;
import dev.weir.engine.expression.EvaluationException;
import dev.weir.engine.stage.Formulas;
import dev.weir.engine.stage.Stage;
import dev.weir.engine.stage.StageException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Takes the readings of one partition through the stages of a segment, one after the other. Runs
/// as one virtual thread, for ever: whatever a stage throws ends one reading and not the worker.
final class Worker implements Runnable {
    static final String STAGE_ERROR = "stage-error";

    private static final int BATCH = 64;

    /// One batch in so many is measured; a power of two.
    private static final int SAMPLED = 64;

    private final Segment segment;
    private final Inbox<Reading> inbox;
    private final Step[] steps;
    private final Calls[] calls;
    private final int max;
    private final FlowClock clock;

    /// How many readings it has taken and not passed on. Only the worker's thread writes.
    private final AtomicInteger inHand = new AtomicInteger();

    /// The same, for the worker's thread.
    private int hand;

    /// How many batches it has taken, and whether this one is measured. Only the worker's thread.
    private int batches;

    private boolean measured;

    Worker(Segment segment, Inbox<Reading> inbox, List<Step> steps, Watchdog watchdog) {
        this.clock = watchdog.clock();
        this.segment = segment;
        this.inbox = inbox;
        this.steps = steps.toArray(Step[]::new);
        this.calls = new Calls[this.steps.length];
        this.max = batch(inbox.capacity());
        for (int i = 0; i < calls.length; i++) {
            long timeout = this.steps[i].timeoutNanos();
            calls[i] = new Calls(i, timeout == 0 ? null : watchdog.guard(timeout));
        }
    }

    /// How many readings a worker takes at once from an inbox of that capacity.
    static int batch(int capacity) {
        return Math.min(BATCH, capacity);
    }

    /// How many readings it has taken and not passed on.
    int inHand() {
        return inHand.getAcquire();
    }

    @Override
    public void run() {
        var batch = new ArrayList<Object>(max);
        try {
            while (receive(batch)) {
                work(batch);
            }
        } finally {
            inbox.abandon(reading -> segment.drop(reading, Account.SHUTDOWN));
        }
    }

    private boolean receive(List<Object> batch) {
        batch.clear();
        while (true) {
            try {
                inbox.passOvertaken(this::finish);
                return inbox.take(batch, max) > 0;
            } catch (InterruptedException e) {
                if (segment.halt().isCalled()) {
                    return false;
                }
            }
        }
    }

    private void work(List<Object> batch) {
        int rest = inbox.elements(batch);
        hold(rest);
        // Not the first: what is cold then would stay in the mean for long.
        measured = (++batches & (SAMPLED - 1)) == SAMPLED / 2;
        for (int i = 0; i < batch.size(); i++) {
            if (batch.get(i) instanceof Reading reading) {
                handle(reading, --rest);
            } else {
                arrive((Barrier) batch.get(i));
            }
        }
    }

    private void handle(Reading reading, int rest) {
        if (segment.halt().isCalled()) {
            segment.drop(reading, Account.SHUTDOWN);
            hold(rest);
            return;
        }
        Span trace = reading.trace();
        if (trace != null) {
            trace.partSinceMark("queue " + segment.name()).end();
        }
        long started = measured ? clock.nanoTime() : 0;
        try {
            advance(reading, 0);
        } catch (Throwable e) {
            // Not a stage's failure, which is handled where it occurs: the engine's, or no memory.
            segment.log().warn("the engine failed", segment.name(), reading, e);
            segment.account().deadLettered.count("engine-error", hand - rest);
            Fate.DEAD_LETTERED.of(reading, "engine-error");
            hold(rest);
        }
        if (measured) {
            segment.samples().add(clock.nanoTime() - started);
        }
    }

    private void arrive(Barrier barrier) {
        while (true) {
            try {
                barrier.arrive(this::finish);
                return;
            } catch (InterruptedException e) {
                if (segment.halt().isCalled()) {
                    barrier.abandon();
                    return;
                }
            }
        }
    }

    private void hold(int readings) {
        hand = readings;
        inHand.setRelease(readings);
    }

    /// Takes a reading, which is in hand, through the stages from `first` on, and then further.
    private void advance(Reading reading, int first) {
        for (int i = first; i < steps.length; i++) {
            if (!calls[i].pass(reading)) {
                hold(hand - 1);
                return;
            }
        }
        segment.pass(reading);
        hold(hand - 1);
    }

    /// Tells the stages in their order that the input has ended.
    private void finish() {
        for (int i = 0; i < steps.length; i++) {
            try {
                steps[i].stage().finish(calls[i]);
            } catch (Throwable e) {
                segment.log().warn("a stage failed to finish", steps[i].name(), e);
            }
        }
    }

    /// The counted word for what a stage or rule threw.
    static String reason(Throwable thrown) {
        return switch (thrown) {
            case StageException e -> e.reason();
            case EvaluationException e -> Formulas.word(e);
            default -> STAGE_ERROR;
        };
    }

    static String detail(Throwable thrown) {
        return reason(thrown).equals(STAGE_ERROR) ? thrown.toString() : String.valueOf(thrown.getMessage());
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
                    segment.account().filtered.increment();
                    Fate.FILTERED.of(reading);
                    yield false;
                }
                case DUPLICATE -> {
                    segment.account().duplicate.increment();
                    Fate.DUPLICATE.of(reading);
                    yield false;
                }
                case HELD -> {
                    steps[index].held().increment();
                    mark(reading);
                    yield false;
                }
            };
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
            String reason = reason(thrown);
            if (reason.equals(STAGE_ERROR)) {
                segment.log().warn("a stage failed", steps[index].name(), reading, thrown);
            }
            segment.account().deadLettered.count(reason);
            segment.deadLetters()
                    .add(segment.streamName(), reading, reason, steps[index].name() + ": " + detail(thrown));
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
            steps[index].held().decrement();
            hold(hand + 1);
            Span trace = held.trace();
            if (trace != null) {
                trace.partSinceMark("held " + steps[index].name()).end();
            }
            long left = measured ? clock.nanoTime() : 0;
            boolean paused = pause();
            try {
                advance(held, index + 1);
            } finally {
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
