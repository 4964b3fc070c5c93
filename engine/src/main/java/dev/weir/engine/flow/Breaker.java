package dev.weir.engine.flow;

import dev.failsafe.CircuitBreaker;
import dev.weir.engine.Meters;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Leaves a sink alone that keeps failing. Shared by its workers, who wait while it is open, so
/// that its queue fills and its policy decides. No thread of its own.
final class Breaker {
    private static final Logger LOG = LoggerFactory.getLogger(Breaker.class);

    /// Between two looks of a worker that waits while others probe.
    private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(20);

    private final String sink;
    private final LongAdder opened;
    private final CircuitBreaker<Object> circuit;

    Breaker(AttemptPlan.Breaking plan, String sink, Meters meters) {
        this.sink = sink;
        this.opened = meters.counter("weir_sink_breaker_opened", "Times that a sink was left alone", "sink", sink);
        this.circuit = CircuitBreaker.builder()
                .withFailureThreshold(plan.failures())
                .withDelay(plan.open())
                .withSuccessThreshold(plan.probes())
                .onOpen(change -> opened(change.getPreviousState()))
                .build();
    }

    private void opened(CircuitBreaker.State before) {
        opened.increment();
        // A probe that fails is no news.
        if (before == CircuitBreaker.State.CLOSED) {
            LOG.atWarn()
                    .setMessage("sink keeps failing and is left alone for a while")
                    .addKeyValue("sink", sink)
                    .addKeyValue("for", circuit.getConfig().getDelay())
                    .log();
        }
    }

    /// Waits until a write may begin; each has to be [#left].
    void enter() throws InterruptedException {
        while (!circuit.tryAcquirePermit()) {
            TimeUnit.NANOSECONDS.sleep(
                    Math.max(LOOK, circuit.getRemainingDelay().toNanos()));
        }
    }

    /// A write has ended.
    ///
    /// @param answered whether the other side did, be it to refuse
    void left(boolean answered) {
        if (answered) {
            circuit.recordSuccess();
        } else {
            circuit.recordFailure();
        }
    }

    /// Whether nothing was wrong lately.
    boolean isClosed() {
        return circuit.isClosed();
    }

    /// `closed`, `open` or `half-open`.
    String state() {
        return switch (circuit.getState()) {
            case CLOSED -> "closed";
            case OPEN -> "open";
            case HALF_OPEN -> "half-open";
        };
    }
}
