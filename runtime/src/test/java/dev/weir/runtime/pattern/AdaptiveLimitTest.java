package dev.weir.runtime.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.runtime.Context;
import dev.weir.runtime.DeadlineExceededException;
import dev.weir.runtime.Gather;
import dev.weir.runtime.pattern.AdaptiveLimit.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Against a simulated server: calls beyond what it can do at the same time wait their turn.
@Timeout(30)
final class AdaptiveLimitTest {
    private static final Settings SETTINGS = Settings.between(1, 500);
    private static final long SERVICE_NANOS = 10_000_000;

    private final Context context = Context.background();
    private long now;
    private AdaptiveLimit limit;

    private record Call(long end, AdaptiveLimit.Permit permit) {}

    @BeforeEach
    void begin() {
        limit = AdaptiveLimit.of(SETTINGS, () -> now);
    }

    /// Lets callers who never rest call for a time; each server takes one call after the other.
    private void run(int servers, int callers, Duration time) {
        var free = new PriorityQueue<Long>();
        for (int i = 0; i < servers; i++) {
            free.add(now);
        }
        var calls = new PriorityQueue<Call>(Comparator.comparingLong(Call::end));
        long until = now + time.toNanos();
        while (now < until) {
            while (calls.size() < callers) {
                var permit = limit.tryAcquire();
                if (permit.isEmpty()) {
                    break;
                }
                long end = Math.max(now, free.remove()) + SERVICE_NANOS;
                free.add(end);
                calls.add(new Call(end, permit.get()));
            }
            var first = calls.remove();
            now = first.end;
            first.permit.success();
        }
        calls.forEach(call -> call.permit.ignored());
    }

    @Test
    void limit_underFullLoad_findsTheCapacity() {
        run(100, Integer.MAX_VALUE, Duration.ofMinutes(1));
        // 1.5 times is the tolerance
        assertThat(limit.limit()).isBetween(100, 200);
    }

    @Test
    void limit_whenCapacityFalls_backsOff() {
        run(100, Integer.MAX_VALUE, Duration.ofMinutes(1));
        run(20, Integer.MAX_VALUE, Duration.ofSeconds(30));
        assertThat(limit.limit()).isBetween(20, 60);
    }

    @Test
    void limit_whenCapacityComesBack_growsAgain() {
        run(20, Integer.MAX_VALUE, Duration.ofSeconds(30));
        int low = limit.limit();
        run(100, Integer.MAX_VALUE, Duration.ofMinutes(1));
        assertThat(low).isLessThan(60);
        assertThat(limit.limit()).isGreaterThan(100);
    }

    @Test
    void limit_thatCallersDoNotUse_doesNotGrow() {
        run(100, 5, Duration.ofMinutes(1));
        assertThat(limit.limit()).isEqualTo(SETTINGS.initial());
    }

    @Test
    void limit_whenCallsAreDropped_fallsToTheMinimum() {
        for (int i = 0; i < 100; i++) {
            now += SETTINGS.window().toNanos();
            limit.tryAcquire().orElseThrow().dropped();
        }
        assertThat(limit.limit()).isEqualTo(1);
        assertThat(limit.inFlight()).isZero();
    }

    @Test
    void tryAcquire_beyondTheLimit_isEmptyUntilOneEnds() {
        var permits = new ArrayList<AdaptiveLimit.Permit>();
        for (int i = 0; i < 20; i++) {
            permits.add(limit.tryAcquire().orElseThrow());
        }
        assertThat(limit.tryAcquire()).isEmpty();
        permits.getFirst().ignored();
        permits.getFirst().success(); // only the first counts
        assertThat(limit.tryAcquire()).isPresent();
        assertThat(limit.tryAcquire()).isEmpty();
    }

    @Test
    void acquire_atTheLimit_waitsForOneToEndInTurn() throws Exception {
        limit = AdaptiveLimit.of(new Settings(1, 1, 1, 1, 0.2, 1.5, Duration.ofSeconds(1), 64), () -> now);
        var held = limit.acquire(context);
        try (var gather = Gather.<Integer>of(context, "callers")) {
            for (int i = 0; i < 64; i++) {
                gather.go(() -> {
                    try (var _ = limit.acquire(context)) {
                        return limit.inFlight();
                    }
                });
            }
            held.success();
            assertThat(gather.awaitValues()).hasSize(64).containsOnly(1);
        }
        assertThat(limit.inFlight()).isZero();
    }

    @Test
    void acquire_whoseContextEnds_takesNothing() throws Exception {
        limit = AdaptiveLimit.of(new Settings(1, 1, 1, 1, 0.2, 1.5, Duration.ofSeconds(1), 1), () -> now);
        try (var held = limit.acquire(context)) {
            try (var soon = context.withTimeout(Duration.ofMillis(5))) {
                assertThatThrownBy(() -> limit.acquire(soon)).isInstanceOf(DeadlineExceededException.class);
            }
            held.success();
        }
        assertThat(limit.tryAcquire()).isPresent();
    }

    @Test
    void acquire_whenAsManyWaitAsMay_isRefused() throws Exception {
        limit = AdaptiveLimit.of(new Settings(1, 1, 1, 1, 0.2, 1.5, Duration.ofSeconds(1), 0), () -> now);
        try (var _ = limit.acquire(context)) {
            assertThatThrownBy(() -> limit.acquire(context))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("limit of 1 calls is reached");
        }
    }

    @Test
    void settings_outOfBounds_areRefused() {
        assertThatThrownBy(() -> Settings.between(0, 5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("min must be 1 to max (5), but was 0");
    }
}
