package dev.weir.runtime;

import static dev.weir.runtime.Select.orElse;
import static dev.weir.runtime.Select.receive;
import static dev.weir.runtime.Select.select;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Ticks as elements of a channel.
@Timeout(30)
final class TickerTest {
    private static final Duration SHORT = Duration.ofMillis(2);
    private static final Duration LONG = Duration.ofDays(1);

    /// Waits until a tick must be due, without receiving it.
    private static void passes(Duration duration) {
        var end = Deadline.in(duration);
        Running.until(() -> end.remainingNanos() < 0);
    }

    @Test
    void ticks_withWaitingReceiver_comeInStepWithTheInterval() throws Exception {
        var start = Instant.now();
        var ticks = Ticker.every(SHORT).ticks();
        var last = start;
        for (int i = 1; i <= 5; i++) {
            var tick = ticks.receive();
            assertThat(tick).isAfter(last);
            last = tick;
        }
        assertThat(Duration.between(start, last)).isGreaterThanOrEqualTo(SHORT.multipliedBy(4));
    }

    @Test
    void ticks_notReceivedInTime_areDroppedButTheFirst() throws Exception {
        var ticks = Ticker.every(Duration.ofMillis(20)).ticks();
        passes(Duration.ofMillis(200));
        var first = Objects.requireNonNull(ticks.tryReceive());
        var next = ticks.receive();
        // Nine are left out; a slow machine or a correction of the wall clock may blur it a little.
        assertThat(Duration.between(first, next)).isGreaterThan(Duration.ofMillis(100));
        assertThat(ticks.stats().received()).isEqualTo(2);
    }

    @Test
    void ticks_beforeTheFirstIsDue_areNotThere() throws Exception {
        var ticks = Ticker.every(LONG).ticks();
        assertThat(ticks.tryReceive()).isNull();
        assertThat(ticks.tryReceive(SHORT)).isNull();
        assertThat(ticks.length()).isZero();
        assertThat(ticks.capacity()).isZero();
        assertThat((int) select(receive(ticks, t -> 1), orElse(() -> 2))).isEqualTo(2);
    }

    @Test
    void stop_withTickDue_takesItBack() {
        var ticker = Ticker.every(SHORT);
        passes(SHORT);
        ticker.stop();
        assertThat(ticker.ticks().tryReceive()).isNull();
    }

    @Test
    void stop_withWaitingReceiver_leavesItWaitingUntilReset() throws Exception {
        var ticker = Ticker.every(LONG);
        var receiver = Running.call(() -> ticker.ticks().receive()).parked();
        ticker.stop();
        receiver.parked();
        ticker.reset(SHORT);
        assertThat(receiver.result()).isNotNull();
        assertThat(ticker.ticks().receive()).isNotNull();
    }

    @Test
    void reset_withTickDue_takesItBackAndStartsAnew() throws Exception {
        var ticker = Ticker.every(SHORT);
        passes(SHORT);
        ticker.reset(LONG);
        assertThat(ticker.ticks().tryReceive()).isNull();
        ticker.reset(SHORT);
        assertThat(ticker.ticks().receive()).isNotNull();
    }

    /// Resets and receives race: what is received after a stop has returned would be stale.
    @Test
    void stop_besideReceivers_isFollowedByNoTick() throws Exception {
        var ticker = Ticker.every(Duration.ofNanos(20_000));
        var ticks = ticker.ticks();
        for (int i = 0; i < 2_000; i++) {
            ticker.reset(Duration.ofNanos(1_000 + i * 10));
            if (i % 2 == 0) {
                ticks.receive();
            }
            ticker.stop();
            assertThat(ticks.tryReceive()).isNull();
        }
    }

    @Test
    void ticks_forSeveralReceivers_goToOneEach() throws Exception {
        var ticker = Ticker.every(SHORT);
        var receivers = new ArrayList<Running<Instant>>();
        for (int i = 0; i < 4; i++) {
            receivers.add(Running.call(() -> ticker.ticks().receive()));
        }
        var seen = new ArrayList<Instant>();
        for (var receiver : receivers) {
            seen.add(receiver.result());
        }
        assertThat(seen).doesNotHaveDuplicates();
        assertThat(ticker.ticks().stats().received()).isEqualTo(4);
    }

    @Test
    void ticks_inSelectBesideData_comeWhileDataWaits() throws Exception {
        var ticks = Ticker.every(SHORT).ticks();
        Channel<Integer> data = Channel.bounded(1);
        int seen = 0;
        for (int i = 0; i < 5; i++) {
            seen += (int) select(receive(ticks, t -> 1), receive(data, v -> 0));
        }
        assertThat(seen).isEqualTo(5);
        assertThat(data.isIdle()).isTrue();
    }

    @Test
    void ticks_withContext_endWithIt() {
        var context = Context.background().withCancel();
        var ticks = Ticker.every(LONG).ticks();
        var receiver = Running.call(() -> ticks.receive(context)).parked();
        context.cancel();
        assertThatThrownBy(receiver::result).isInstanceOf(CancelledException.class);
    }

    @Test
    void waits_ended_leaveNoEntryInTheTimer() throws Exception {
        int before = DeadlineTimer.pending();
        var ticker = Ticker.every(LONG);
        var receivers = new ArrayList<Running<Instant>>();
        for (int i = 0; i < 10; i++) {
            receivers.add(Running.call(() -> ticker.ticks().receive()).parked());
        }
        Running.until(() -> DeadlineTimer.pending() == before + 1);
        for (var receiver : receivers) {
            receiver.thread().interrupt();
            assertThatThrownBy(receiver::result).isInstanceOf(InterruptedException.class);
        }
        assertThat(DeadlineTimer.pending()).isLessThanOrEqualTo(before);
        assertThat(ticker.ticks().tryReceive(SHORT)).isNull();
        select(receive(ticker.ticks(), t -> true), Select.timeout(SHORT, () -> false));
        assertThat(DeadlineTimer.pending()).isLessThanOrEqualTo(before);
    }

    @Test
    void ticker_neverStoppedAndNotReferenced_isCollected() throws Exception {
        var forgotten = forget();
        Running.until(() -> {
            System.gc();
            return forgotten.refersTo(null);
        });
    }

    private static WeakReference<ReceiveChannel<Instant>> forget() throws InterruptedException {
        var ticker = Ticker.every(SHORT);
        var ticks = ticker.ticks();
        ticks.receive();
        ticker.reset(LONG);
        assertThat(ticks.tryReceive(Duration.ofNanos(1))).isNull();
        return new WeakReference<>(ticks);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S"})
    void every_notLongerThanZero_isRefused(String interval) {
        assertThatThrownBy(() -> Ticker.every(Duration.parse(interval)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("longer than zero, but was " + interval);
        assertThatThrownBy(() -> Ticker.every(LONG).reset(Duration.parse(interval)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void every_ofTheLongestDuration_neverTicks() {
        var ticker = Ticker.every(Duration.ofSeconds(Long.MAX_VALUE));
        assertThat(ticker.ticks().tryReceive()).isNull();
        assertThat(ticker.ticks().toString()).isEqualTo("Channel#" + ((Channel<?>) ticker.ticks()).id + "(ticker)");
    }
}
