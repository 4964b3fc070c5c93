package dev.weir.engine.flow;

import dev.failsafe.Execution;
import dev.failsafe.RetryPolicy;
import dev.failsafe.RetryPolicyBuilder;
import dev.weir.engine.Reading;
import dev.weir.engine.Sink;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The attempts of one worker at its sink, one batch after the other: [#begin], then [#admit],
/// [#write] and [#failed] in turn. What is not configured costs nothing, and the library that
/// counts and times retries is not loaded before the first of them.
final class Attempts {
    private static final double JITTER = 0.5;

    private final Sink sink;
    private final AttemptPlan.Retry retry;
    private final @Nullable Breaker breaker;
    private final @Nullable RetryBudget budget;
    private final @Nullable Hedge hedge;

    /// Whether the breaker waits to hear how a write ended.
    private final AtomicBoolean admitted = new AtomicBoolean();

    /// What failed of this batch; null before the first failure.
    private @Nullable Execution<Object> failures;

    Attempts(
            Sink sink,
            AttemptPlan.Retry retry,
            @Nullable Breaker breaker,
            @Nullable RetryBudget budget,
            @Nullable Hedge hedge) {
        this.sink = sink;
        this.retry = retry;
        this.breaker = breaker;
        this.budget = budget;
        this.hedge = hedge;
    }

    /// What follows a failure.
    enum Next {
        /// A pause, and another attempt.
        RETRY,
        /// No more: it was tried as often as it may be.
        GIVE_UP,
        /// No more: there were too many retries lately.
        OVER_BUDGET
    }

    /// The next write is about another batch.
    void begin() {
        failures = null;
        if (budget != null) {
            budget.write();
        }
    }

    /// Whether [#admit] may wait.
    boolean mayWait() {
        return breaker != null;
    }

    /// Waits while the sink is left alone. What follows must be a [#write].
    void admit() throws InterruptedException {
        if (breaker != null) {
            breaker.enter();
            admitted.set(true);
        }
    }

    /// The write that is under way, if there is one, hangs and counts as failed, so that the
    /// breaker does not wait for it for ever. Any thread.
    void abandon() {
        left(false);
    }

    private void left(boolean answered) {
        if (breaker != null && admitted.getAndSet(false)) {
            breaker.left(answered);
        }
    }

    /// Makes one attempt.
    void write(List<Reading> batch) throws IOException, InterruptedException {
        if (breaker == null) {
            send(batch, true);
            return;
        }
        boolean answered = true;
        try {
            send(batch, breaker.isClosed());
        } catch (IOException | InterruptedException e) {
            answered = false;
            throw e;
        } finally {
            left(answered);
        }
    }

    private void send(List<Reading> batch, boolean healthy) throws IOException, InterruptedException {
        if (hedge != null && healthy) {
            hedge.write(batch);
        } else {
            sink.write(batch);
        }
    }

    /// Takes down that an attempt has failed.
    Next failed(IOException cause) {
        if (failures == null) {
            failures = Execution.of(policy(retry));
        }
        failures.recordException(cause);
        if (failures.isComplete()) {
            return Next.GIVE_UP;
        }
        return budget == null || budget.tryRetry() ? Next.RETRY : Next.OVER_BUDGET;
    }

    /// How many attempts at this batch have failed.
    int count() {
        return failures == null ? 0 : failures.getAttemptCount();
    }

    /// Waits as long as the last failure asks for: what chance adds never makes it longer than the
    /// longest pause.
    void pause() throws InterruptedException {
        if (failures != null) {
            TimeUnit.NANOSECONDS.sleep(
                    Math.min(failures.getDelay().toNanos(), retry.most().toNanos()));
        }
    }

    private static RetryPolicy<Object> policy(AttemptPlan.Retry retry) {
        RetryPolicyBuilder<Object> builder = RetryPolicy.builder().withJitter(JITTER);
        if (retry.first().compareTo(retry.most()) < 0) {
            builder.withBackoff(retry.first(), retry.most());
        } else {
            builder.withDelay(retry.first());
        }
        OptionalInt attempts = retry.attempts();
        return builder.withMaxAttempts(attempts.isPresent() ? attempts.getAsInt() : -1)
                .build();
    }
}
