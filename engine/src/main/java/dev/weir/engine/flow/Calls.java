package dev.weir.engine.flow;

import dev.weir.engine.Reading;
import dev.weir.engine.Span;
import dev.weir.engine.stage.Stage;
import dev.weir.engine.stage.StageException;
import org.jspecify.annotations.Nullable;

/// A worker's calls to one stage, and what the stage causes in return. Here is what concerns this
/// stage: its verdicts, its failures, its timeout, its time. What concerns a reading on its whole
/// way is the [Worker]'s. Only for the worker's thread.
final class Calls implements Stage.Emitter {
    // set once
    private final Worker worker;
    private final Segment segment;
    private final Step step;
    private final int next;
    private final Watchdog watchdog;
    private final FlowClock clock;
    private final Watchdog.@Nullable Guard guard;

    private boolean late;

    /// What follows the call that is under way; null for almost all.
    private @Nullable Span span;

    /// Where a call that is measured began, moved on by what happened behind the stage.
    private long started;

    /// @param next where the worker goes on with what the stage lets go of
    Calls(Worker worker, Segment segment, Step step, int next, Watchdog watchdog) {
        this.worker = worker;
        this.segment = segment;
        this.step = step;
        this.next = next;
        this.watchdog = watchdog;
        this.clock = watchdog.clock();
        this.guard = step.timeoutNanos() == 0 ? null : watchdog.guard(step.timeoutNanos());
    }

    /// There will be no more.
    void end() {
        if (guard != null) {
            watchdog.forget(guard);
        }
    }

    /// Tells the stage that its input has ended.
    void finish() {
        step.stage().finish(this);
    }

    /// The stage's, for logs.
    String name() {
        return step.name();
    }

    /// Whether the reading goes on; if not, it is counted.
    boolean pass(Reading reading) {
        Span trace = reading.trace();
        return trace == null ? call(reading) : followed(reading, trace);
    }

    private boolean followed(Reading reading, Span trace) {
        Span own = trace.part("stage " + step.name()).with("weir.stage", step.name());
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
        boolean measured = worker.isMeasured();
        if (measured) {
            started = clock.nanoTime();
        }
        try {
            verdict = guard == null ? step.stage().apply(reading, this) : guarded(guard, reading);
        } catch (Throwable e) {
            fail(reading, e);
            return false;
        }
        if (measured) {
            step.samples().add(clock.nanoTime() - started);
        }
        return switch (verdict) {
            case PASS -> true;
            case FILTERED -> {
                worker.settle();
                segment.account().filtered.increment();
                Fate.FILTERED.of(reading);
                yield false;
            }
            case DUPLICATE -> {
                worker.settle();
                segment.account().duplicate.increment();
                Fate.DUPLICATE.of(reading);
                yield false;
            }
            case HELD -> {
                step.held().increment();
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
            worker.settle();
        } catch (InHand.Replaced e) {
            segment.account().accepted.increment();
            throw e;
        }
    }

    /// What a stage keeps waits from now on.
    private static void mark(Reading reading) {
        Span trace = reading.trace();
        if (trace != null) {
            trace.mark();
        }
    }

    private Stage.Verdict guarded(Watchdog.Guard by, Reading reading) {
        late = false;
        by.enter();
        Stage.Verdict verdict;
        try {
            verdict = step.stage().apply(reading, this);
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
                "timeout", step.name() + " took longer than its timeout of " + by.timeoutNanos() / 1_000_000 + " ms");
    }

    private void fail(Reading reading, Throwable thrown) {
        worker.requireCurrent();
        worker.settle();
        String reason = Cause.reason(thrown);
        segment.account().deadLettered.count(reason);
        if (reason.equals(Cause.STAGE_ERROR)) {
            segment.log().warn("a stage failed", step.name(), reading, thrown);
        }
        segment.deadLetters().add(segment.streamName(), reading, reason, step.name() + ": " + Cause.detail(thrown));
        if (span != null) {
            span.failed(reason);
        }
        Fate.DEAD_LETTERED.of(reading, reason);
    }

    @Override
    public void emit(Reading result) {
        worker.beat();
        long left = leave();
        boolean paused = pause();
        try {
            if (span != null) {
                // Of the many readings that made it, this one has closed the window.
                result.trace(span.part("window " + result.stream()).with("weir.stream", result.stream()));
            }
            segment.emit(result);
        } finally {
            proceed(paused);
            comeBack(left);
        }
    }

    @Override
    public void resume(Reading held) {
        worker.beat();
        step.held().decrement();
        long left = leave();
        boolean paused = pause();
        try {
            worker.resume(held, next);
        } catch (InHand.Replaced e) {
            // The successor has counted it; the stage is not to lose what else it lets go.
            segment.log().warn("a worker that was given up goes on", step.name(), held, e);
        } finally {
            proceed(paused);
            comeBack(left);
        }
    }

    /// What happens behind the stage does not count as its time: for the samples,
    private long leave() {
        return worker.isMeasured() ? clock.nanoTime() : 0;
    }

    private void comeBack(long left) {
        if (worker.isMeasured()) {
            started += clock.nanoTime() - left;
        }
    }

    /// and for the timeout.
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
