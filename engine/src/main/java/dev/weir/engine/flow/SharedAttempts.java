package dev.weir.engine.flow;

import dev.weir.engine.Meters;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// What the attempts of all workers of a sink have in common: the breaker, the budget, the counts.
final class SharedAttempts {
    private final SinkPlan plan;
    private final @Nullable Breaker breaker;
    private final @Nullable RetryBudget budget;
    private final @Nullable LongAdder hedges;

    SharedAttempts(SinkPlan plan, Meters meters) {
        this.plan = plan;
        this.breaker = plan.attempts()
                .breaker()
                .map(breaking -> new Breaker(breaking, plan.name(), meters))
                .orElse(null);
        OptionalDouble share = plan.attempts().retry().budget();
        this.budget = share.isPresent() ? new RetryBudget(share.getAsDouble()) : null;
        this.hedges = plan.attempts().hedge().isPresent()
                ? meters.counter("weir_sink_hedges", "Batches that were sent twice", "sink", plan.name())
                : null;
    }

    /// Those of one worker, or of its successor.
    ///
    /// @param worker its number
    Attempts of(int worker) {
        return new Attempts(plan.sink(), plan.attempts().retry(), breaker, budget, hedge(worker));
    }

    private @Nullable Hedge hedge(int worker) {
        if (hedges == null) {
            return null;
        }
        String name = "weir-sink-" + plan.name() + "/hedge-" + worker;
        return new Hedge(plan.sink(), name, hedgeDelay().toNanos(), hedges);
    }

    private Duration hedgeDelay() {
        return plan.attempts().hedge().orElse(Duration.ZERO);
    }

    /// How long an attempt may take, a second one that begins later included.
    Duration patience() {
        return plan.sink().patience().plus(hedgeDelay());
    }

    /// The breaker's, as in [FlowState.SinkState].
    String state() {
        return breaker == null ? "" : breaker.state();
    }
}
