package dev.weir.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class LeakyBucketTest {
    private final FakeTicks time = new FakeTicks();
    private final LeakyBucket bucket = RateLimiter.leakyBucket(Rate.perSecond(50), time);

    private double reserve(double tick, int events) {
        time.at(tick);
        return ticks(bucket.reserve(events).orElseThrow());
    }

    private static double ticks(Reservation reservation) {
        return (double) reservation.delay().toNanos() / FakeTicks.TICK_NANOS;
    }

    @Test
    void reserve_manyAtOnce_spacesThemEvenly() {
        var delays = new ArrayList<Double>();
        for (int i = 0; i < 5; i++) {
            delays.add(reserve(0, 1));
        }
        assertThat(delays).isEqualTo(List.of(0.0, 1.0, 2.0, 3.0, 4.0));
    }

    @Test
    void quietTime_isNotSavedUp() {
        assertThat(reserve(100, 1)).isZero();
        assertThat(reserve(100, 1)).isEqualTo(1);
    }

    @Test
    void allow_betweenTheDrops_isRefusedAndChangesNothing() {
        assertThat(bucket.allow()).isTrue();
        time.at(0.9);
        assertThat(bucket.allow()).isFalse();
        time.at(1);
        assertThat(bucket.allow()).isTrue();
        assertThat(bucket.allow()).isFalse();
    }

    @Test
    void reserve_severalTogether_takesAsManyIntervals() {
        assertThat(reserve(0, 3)).isZero();
        assertThat(reserve(0, 1)).isEqualTo(3);
        assertThat(reserve(0, 0)).isEqualTo(4);
        assertThat(reserve(0, 1)).isEqualTo(4);
    }

    @Test
    void reserve_atMost_spillsWhatIsLater() {
        assertThat(bucket.reserve(2, Duration.ZERO)).isPresent();
        assertThat(bucket.reserve(1, Duration.ofMillis(39))).isEmpty();
        assertThat(bucket.reserve(1, Duration.ofMillis(40))).isPresent();
    }

    @Test
    void cancel_ofTheLast_freesItsPlace() {
        reserve(0, 1);
        var last = bucket.reserve(2).orElseThrow();
        last.cancel();
        last.cancel();
        assertThat(reserve(0, 1)).isEqualTo(1);
    }

    @Test
    void cancel_withOthersBehind_leavesTheirPlaces() {
        reserve(0, 1);
        var early = bucket.reserve().orElseThrow();
        var later = bucket.reserve().orElseThrow();
        early.cancel();
        assertThat(ticks(later)).isEqualTo(2);
        assertThat(reserve(0, 1)).isEqualTo(3);
    }

    @Test
    void cancel_tooLate_freesNothing() {
        var now = bucket.reserve().orElseThrow();
        time.at(0.5);
        now.cancel();
        assertThat(reserve(0.5, 1)).isEqualTo(0.5);
    }

    @Test
    void rateThatIsNoWholeNumberOfNanoseconds_isKeptInTheLongRun() {
        var fast = RateLimiter.leakyBucket(Rate.perSecond(700_000_000), time);
        for (int i = 0; i < 700_000; i++) {
            fast.reserve();
        }
        assertThat(fast.reserve().orElseThrow().delay())
                .isBetween(Duration.ofNanos(999_999), Duration.ofNanos(1_000_001));
    }

    @Test
    void unlimited_neverWaits() {
        var unlimited = RateLimiter.leakyBucket(Rate.unlimited(), time);
        assertThat(unlimited.allow(1_000)).isTrue();
        assertThat(unlimited.allow()).isTrue();
    }

    @Test
    void zeroRate_isRefused() {
        assertThatThrownBy(() -> RateLimiter.leakyBucket(Rate.perSecond(0)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void events_beyondTheClock_areRefused() {
        var slow = RateLimiter.leakyBucket(Rate.every(Duration.ofDays(36_500)), new AtomicLong()::get);
        assertThat(slow.reserve(2)).isEmpty();
        assertThatThrownBy(() -> slow.await(2)).hasMessageContaining("146 years");
        assertThat(slow.allow()).isTrue();
    }

    @Test
    void await_spacesByRealTime_andEndsWithItsContext() throws Exception {
        var real = RateLimiter.leakyBucket(Rate.perSecond(500));
        long before = System.nanoTime();
        for (int i = 0; i < 4; i++) {
            real.await();
        }
        assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(3 * 2_000_000);
        bucket.reserve(180_000); // an hour
        var context = Context.background().withCancel();
        var waiting = Running.run(() -> bucket.await(context)).parkedWithTimeout();
        context.cancel();
        assertThatThrownBy(waiting::result).isInstanceOf(CancelledException.class);
        assertThat(reserve(0, 1)).isEqualTo(180_000);
    }
}
