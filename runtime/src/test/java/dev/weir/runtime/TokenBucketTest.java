package dev.weir.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Scanner;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The token bucket, at 50 events in a second, which is one in each tick, unless a test says
/// otherwise.
@Timeout(30)
final class TokenBucketTest {
    private static final Rate ONE_A_TICK = Rate.perSecond(50);

    private final FakeTicks time = new FakeTicks();

    private TokenBucket bucket(int burst) {
        return RateLimiter.tokenBucket(ONE_A_TICK, burst, time);
    }

    /// Allows as rows of "tick events yes/no" say.
    private void assertAllows(TokenBucket bucket, String... rows) {
        for (var row : rows) {
            var words = new Scanner(row).useLocale(Locale.ROOT);
            time.at(words.nextDouble());
            assertThat(bucket.allow(words.nextInt()))
                    .as(row)
                    .isEqualTo(words.next().equals("yes"));
        }
    }

    private static double ticks(Duration delay) {
        return (double) delay.toNanos() / FakeTicks.TICK_NANOS;
    }

    private static double ticks(Reservation reservation) {
        return ticks(reservation.delay());
    }

    private Reservation reserve(TokenBucket bucket, double tick, int events) {
        time.at(tick);
        return bucket.reserve(events).orElseThrow();
    }

    private static void assertTokens(TokenBucket bucket, double tokens) {
        assertThat(bucket.tokens()).isCloseTo(tokens, within(1e-6));
    }

    @Test
    void allow_burstOfOne_isOneInEachTick() {
        assertAllows(
                bucket(1),
                "0 1 yes",
                "0 1 no",
                "0 1 no",
                "0.5 1 no",
                "1 1 yes",
                "1 1 no",
                "1 1 no",
                "2 2 no",
                "2 1 yes",
                "2 1 no");
    }

    @Test
    void allow_burstOfFour_savesUpToFour() {
        assertAllows(
                bucket(4),
                "0 3 yes",
                "0 2 no",
                "0 1 yes",
                "0 1 no",
                "1 2 no",
                "1 1 yes",
                "3 3 no",
                "3 2 yes",
                "3.5 1 no",
                "50 5 no",
                "50 4 yes",
                "50 1 no",
                "51 1 yes");
    }

    @Test
    void allow_refused_changesNothing() {
        var bucket = bucket(2);
        assertAllows(bucket, "0 3 no", "0 2 yes", "0.5 1 no", "0.75 1 no", "0.99 1 no", "1 1 yes");
        assertTokens(bucket, 0);
    }

    @Test
    void allow_timeGoesBack_gainsNothing() {
        assertAllows(bucket(3), "5 1 yes", "4 1 yes", "4 1 yes", "3 1 no", "2 1 no", "4 1 no", "5 1 yes", "5 1 no");
    }

    @Test
    void allow_ofNothing_isAlwaysAllowedWithoutDebt() {
        assertAllows(bucket(0), "0 0 yes", "0 1 no", "100 1 no");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.3, 1.0 / 3, 0.7692307692307693, 3, 7, 1e6, 3e8})
    void allow_afterExactlyTheDelayOfAReservation_isNotRefusedByRounding(double perSecond) {
        var nanos = new java.util.concurrent.atomic.AtomicLong();
        var bucket = RateLimiter.tokenBucket(Rate.perSecond(perSecond), 1, nanos::get);
        assertThat(bucket.allow()).isTrue();
        for (int i = 0; i < 1_000; i++) {
            var probe = bucket.reserve().orElseThrow();
            var delay = probe.delay();
            probe.cancel();
            nanos.addAndGet(delay.toNanos());
            assertThat(bucket.allow()).as("event %d", i).isTrue();
        }
    }

    @Test
    void allow_byManyAtOnce_isExactlyTheBurst() throws Exception {
        var bucket = bucket(5);
        var allowed = new AtomicInteger();
        var running = new ArrayList<Running<Boolean>>();
        for (int i = 0; i < 20; i++) {
            running.add(Running.run(() -> {
                if (bucket.allow()) {
                    allowed.incrementAndGet();
                }
            }));
        }
        for (var one : running) {
            one.result();
        }
        assertThat(allowed).hasValue(5);
    }

    @Test
    void allow_askedAllTheTime_keepsTheRateInTheLongRun() {
        var bucket = bucket(10);
        int allowed = 0;
        double ticks = 500;
        for (double tick = 0; tick < ticks; tick += 0.1) {
            time.at(tick);
            allowed += bucket.allow() ? 1 : 0;
        }
        assertThat(allowed).isBetween((int) (0.999 * (10 + ticks)), (int) (10 + ticks + 1));
    }

    @Test
    void reserve_beyondTheTokens_isLaterByTheDeficit() {
        var bucket = bucket(2);
        assertThat(ticks(reserve(bucket, 0, 2))).isZero();
        assertThat(ticks(reserve(bucket, 0, 2))).isEqualTo(2);
        assertTokens(bucket, -2);
        assertThat(ticks(reserve(bucket, 1, 2))).isEqualTo(3);
        assertAllows(bucket, "2 1 no", "4 1 no", "5 1 yes");
    }

    @Test
    void reserve_andAllow_shareTheTokens() {
        var bucket = bucket(3);
        assertAllows(bucket, "0 1 yes");
        assertThat(ticks(reserve(bucket, 0, 2))).isZero();
        assertThat(ticks(reserve(bucket, 1, 3))).isEqualTo(2);
        assertAllows(bucket, "3 1 no", "4 1 yes");
    }

    @Test
    void reserve_moreThanTheBurst_isImpossible() {
        var bucket = bucket(2);
        assertThat(bucket.reserve(3)).isEmpty();
        assertTokens(bucket, 2);
    }

    @Test
    void reserve_atMost_isRefusedWhenItIsLater() {
        var bucket = bucket(2);
        assertThat(bucket.reserve(2, Duration.ZERO)).isPresent();
        assertThat(bucket.reserve(1, Duration.ofMillis(19))).isEmpty();
        assertTokens(bucket, 0);
        assertThat(bucket.reserve(1, Duration.ofMillis(20))).isPresent();
        assertThat(bucket.reserve(1, Duration.ofDays(-1))).isEmpty();
        assertThat(bucket.reserve(1, Duration.ofSeconds(Long.MAX_VALUE))).isPresent();
    }

    @Test
    void cancel_ofTheLast_givesAllBack() {
        var bucket = bucket(2);
        reserve(bucket, 0, 2);
        var last = reserve(bucket, 0, 2);
        time.at(1);
        last.cancel();
        assertTokens(bucket, 1);
        assertThat(ticks(reserve(bucket, 1, 2))).isEqualTo(1);
    }

    @Test
    void cancel_twice_givesBackOnce() {
        var bucket = bucket(4);
        reserve(bucket, 0, 4);
        var last = reserve(bucket, 0, 2);
        last.cancel();
        last.cancel();
        assertTokens(bucket, 0);
    }

    @Test
    void cancel_tooLate_givesNothingBack() {
        var bucket = bucket(2);
        reserve(bucket, 0, 2);
        var late = reserve(bucket, 0, 2);
        time.at(3);
        late.cancel();
        assertTokens(bucket, 1);
        assertThat(ticks(reserve(bucket, 3, 2))).isEqualTo(1);
    }

    @Test
    void cancel_atItsTime_givesAllBack() {
        var bucket = bucket(2);
        reserve(bucket, 0, 2);
        var due = reserve(bucket, 0, 2);
        time.at(2);
        due.cancel();
        assertTokens(bucket, 2);
    }

    @Test
    void cancel_withALaterReservation_givesBackWhatThatDoesNotNeed() {
        var bucket = bucket(3);
        reserve(bucket, 0, 3);
        var early = reserve(bucket, 0, 3); // at tick 3
        var later = reserve(bucket, 0, 1); // at tick 4, which stays
        early.cancel();
        assertTokens(bucket, -2);
        assertThat(ticks(later)).isEqualTo(4);
        later.cancel();
        assertTokens(bucket, -1);
    }

    @Test
    void cancel_whenLaterOnesTookAsMuch_givesNothingBack() {
        var bucket = bucket(3);
        reserve(bucket, 0, 3);
        var early = reserve(bucket, 0, 1);
        reserve(bucket, 0, 3);
        early.cancel();
        assertTokens(bucket, -4);
    }

    @Test
    void cancel_lastThenTheOneBefore_givesBothBack() {
        var bucket = bucket(2);
        reserve(bucket, 0, 2);
        var first = reserve(bucket, 0, 1);
        var second = reserve(bucket, 0, 2);
        second.cancel();
        first.cancel();
        assertTokens(bucket, 0);
    }

    @Test
    void cancel_ofWhatWasAtOnce_givesItBackAtTheSameInstant() {
        var bucket = bucket(2);
        reserve(bucket, 0, 2).cancel();
        assertTokens(bucket, 2);
    }

    @Test
    void rate_changed_appliesFromNowAndKeepsReservedTimes() {
        var bucket = bucket(2);
        reserve(bucket, 0, 2);
        var reserved = reserve(bucket, 0, 2); // at tick 2
        time.at(1);
        bucket.rate(Rate.perSecond(25));
        assertThat(bucket.rate()).isEqualTo(Rate.perSecond(25));
        assertThat(ticks(reserved)).isEqualTo(1);
        assertThat(ticks(reserve(bucket, 1, 2))).isEqualTo(6);
    }

    @Test
    void burst_changed_appliesFromNow() {
        var bucket = bucket(2);
        reserve(bucket, 0, 2);
        time.at(1);
        bucket.burst(4);
        assertThat(bucket.burst()).isEqualTo(4);
        assertThat(ticks(reserve(bucket, 1, 4))).isEqualTo(3);
        time.at(100);
        bucket.burst(1);
        assertTokens(bucket, 1);
        assertThat(bucket.reserve(2)).isEmpty();
    }

    @Test
    void unlimited_ignoresTheBurst() throws Exception {
        var bucket = RateLimiter.tokenBucket(Rate.unlimited(), 0, time);
        assertThat(bucket.allow(1_000_000)).isTrue();
        var reservation = bucket.reserve(1_000_000).orElseThrow();
        assertThat(reservation.delay()).isZero();
        reservation.cancel();
        bucket.await(1_000_000);
        assertTokens(bucket, 0);
    }

    @Test
    void unlimited_thenLimited_beginsWithWhatTheBucketHolds() {
        var bucket = RateLimiter.tokenBucket(Rate.unlimited(), 3, time);
        assertThat(bucket.allow(100)).isTrue();
        bucket.rate(ONE_A_TICK);
        assertAllows(bucket, "0 3 yes", "0 1 no", "1 1 yes");
        bucket.rate(Rate.unlimited());
        assertAllows(bucket, "1 100 yes");
        time.at(2);
        bucket.rate(ONE_A_TICK);
        assertAllows(bucket, "2 4 no", "2 3 yes");
    }

    @Test
    void zeroRate_givesTheBurstOnly() {
        var bucket = RateLimiter.tokenBucket(Rate.perSecond(0), 2, time);
        assertAllows(bucket, "0 1 yes", "1 1 yes", "1000000 1 no");
        assertThat(bucket.reserve()).isEmpty();
        assertThatThrownBy(bucket::await)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("never come");
    }

    @Test
    void await_withTokens_doesNotWait() throws Exception {
        var bucket = bucket(3);
        bucket.await();
        bucket.await(2, Context.background().withTimeout(Duration.ofDays(1)));
        assertTokens(bucket, 0);
    }

    @Test
    void await_withoutTokens_waitsForThem() throws Exception {
        var bucket = RateLimiter.tokenBucket(Rate.perSecond(500), 1);
        long before = System.nanoTime();
        for (int i = 0; i < 6; i++) {
            bucket.await();
        }
        assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(5 * 2_000_000);
    }

    @Test
    void await_moreThanTheBurst_isRefused() {
        assertThatThrownBy(() -> bucket(2).await(3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("at most 2 events", "were 3");
    }

    @Test
    void await_withDoneContext_consumesNothing() {
        var bucket = bucket(1);
        var context = Context.background().withCancel();
        context.cancel();
        assertThatThrownBy(() -> bucket.await(context)).isInstanceOf(CancelledException.class);
        assertTokens(bucket, 1);
    }

    @Test
    void await_beyondTheDeadline_failsAtOnceAndConsumesNothing() {
        var bucket = RateLimiter.tokenBucket(Rate.every(Duration.ofHours(2)), 1, time);
        assertThat(bucket.allow()).isTrue();
        try (var context = Context.background().withTimeout(Duration.ofHours(1))) {
            assertThatThrownBy(() -> bucket.await(context.withCancel()))
                    .isInstanceOf(DeadlineExceededException.class)
                    .hasMessageContaining("only after the context's deadline");
            assertThat(context.isDone()).isFalse();
        }
        assertTokens(bucket, 0);
    }

    @Test
    void await_contextEndsWhileItWaits_givesTheReservationBack() throws Exception {
        var bucket = RateLimiter.tokenBucket(Rate.every(Duration.ofHours(1)), 1, time);
        assertThat(bucket.allow()).isTrue();
        var context = Context.background().withCancel();
        var waiting = Running.run(() -> bucket.await(context)).parkedWithTimeout();
        assertTokens(bucket, -1);
        context.cancel();
        assertThatThrownBy(waiting::result).isInstanceOf(CancelledException.class);
        assertTokens(bucket, 0);
    }

    @Test
    void await_interrupted_givesTheReservationBack() throws Exception {
        var bucket = RateLimiter.tokenBucket(Rate.every(Duration.ofHours(1)), 1, time);
        assertThat(bucket.allow()).isTrue();
        var waiting = Running.run(bucket::await).parkedWithTimeout();
        waiting.thread().interrupt();
        assertThatThrownBy(waiting::result).isInstanceOf(InterruptedException.class);
        assertTokens(bucket, 0);
    }

    @Test
    void tryAwait_waitsOnlyIfItIsInTime() throws Exception {
        var bucket = RateLimiter.tokenBucket(Rate.perSecond(1_000), 1);
        assertThat(bucket.tryAwait(1, Duration.ZERO)).isTrue();
        assertThat(bucket.tryAwait(1, Duration.ofDays(1))).isTrue();
        assertThat(bucket.tryAwait(2, Duration.ofDays(1))).isFalse();
        bucket.rate(Rate.every(Duration.ofHours(1)));
        bucket.reserve();
        assertThat(bucket.tryAwait(1, Duration.ofMinutes(1))).isFalse();
    }

    @Test
    void negativeNumbers_areRefused() {
        var bucket = bucket(1);
        assertThatThrownBy(() -> bucket(-1)).hasMessageContaining("-1");
        assertThatThrownBy(() -> bucket.burst(-2)).hasMessageContaining("-2");
        assertThatThrownBy(() -> bucket.allow(-3)).hasMessageContaining("-3");
        assertThatThrownBy(() -> bucket.reserve(-4)).hasMessageContaining("-4");
        assertThatThrownBy(() -> bucket.await(-5)).hasMessageContaining("-5");
    }

    @ParameterizedTest
    @CsvSource({
        "PT1S, 1",
        "PT0.5S, 2",
        "PT0.25S, 4",
        "PT0.125S, 8",
        "PT0.1S, 10",
        "PT0.01S, 100",
        "PT0.001S, 1000",
        "PT0.000001S, 1000000",
        "PT0.000000001S, 1000000000",
        "PT2S, 0.5",
        "PT4S, 0.25",
        "PT1M, 0.016666666666666666"
    })
    void rate_everyInterval_isItsReciprocal(Duration interval, double perSecond) {
        assertThat(Rate.every(interval).perSecond()).isCloseTo(perSecond, within(perSecond * 1e-12));
    }

    @Test
    void rate_invalid_isRefused() {
        assertThatThrownBy(() -> Rate.perSecond(-0.5)).hasMessageContaining("-0.5");
        assertThatThrownBy(() -> Rate.perSecond(Double.NaN)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> Rate.every(Duration.ZERO)).hasMessageContaining("Rate.unlimited()");
        assertThatThrownBy(() -> Rate.every(Duration.ofMillis(-1))).hasMessageContaining("PT-0.001S");
        assertThat(Rate.unlimited().isUnlimited()).isTrue();
        assertThat(Rate.perSecond(5)).hasToString("5.0/s");
    }
}
