package dev.weir.runtime;

import static dev.weir.runtime.Select.receive;
import static dev.weir.runtime.Select.select;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// One tick after a delay.
@Timeout(30)
final class ChannelTimerTest {
    private static final Duration SHORT = Duration.ofMillis(2);
    private static final Duration LONG = Duration.ofDays(1);

    private static void passes(Duration duration) {
        var end = Deadline.in(duration);
        Running.until(() -> end.remainingNanos() < 0);
    }

    @Test
    void tick_afterTheDelay_comesOnce() throws Exception {
        var start = Instant.now();
        var timer = ChannelTimer.in(SHORT);
        assertThat(Duration.between(start, timer.tick().receive())).isGreaterThan(Duration.ofMillis(1));
        assertThat(timer.tick().tryReceive()).isNull();
        assertThat(timer.tick().tryReceive(SHORT)).isNull();
    }

    @Test
    void tick_dueAlready_isThereAtOnce() {
        assertThat(ChannelTimer.in(Duration.ZERO).tick().tryReceive()).isNotNull();
        assertThat(Channel.after(Duration.ofSeconds(-1)).tryReceive()).isNotNull();
    }

    @Test
    void tick_notReceived_keepsTheTimeAtWhichItWasDue() {
        var timer = ChannelTimer.in(SHORT);
        passes(Duration.ofMillis(30));
        var received = Instant.now();
        assertThat(timer.tick().tryReceive()).isBefore(received.minusMillis(15));
    }

    @Test
    void tick_forTwoReceivers_goesToTheFirst() throws Exception {
        var timer = ChannelTimer.in(LONG);
        var first = Running.call(() -> timer.tick().receive()).parked();
        var second = Running.call(() -> timer.tick().receive()).parked();
        timer.reset(SHORT);
        assertThat(first.result()).isNotNull();
        second.parked();
        timer.reset(Duration.ZERO);
        assertThat(second.result()).isNotNull();
    }

    @Test
    void stop_beforeTheTick_preventsIt() {
        var timer = ChannelTimer.in(SHORT);
        assertThat(timer.stop()).isTrue();
        assertThat(timer.stop()).isFalse();
        passes(SHORT);
        assertThat(timer.tick().tryReceive()).isNull();
    }

    @Test
    void stop_withTickNotReceived_takesItBack() {
        var timer = ChannelTimer.in(SHORT);
        passes(SHORT);
        assertThat(timer.stop()).isTrue();
        assertThat(timer.tick().tryReceive()).isNull();
    }

    @Test
    void stop_afterTheTickWasReceived_returnsFalse() throws Exception {
        var timer = ChannelTimer.in(SHORT);
        timer.tick().receive();
        assertThat(timer.stop()).isFalse();
        assertThat(timer.reset(SHORT)).isFalse();
        assertThat(timer.tick().receive()).isNotNull();
    }

    @Test
    void reset_withTickNotReceived_takesItBack() throws Exception {
        var timer = ChannelTimer.in(SHORT);
        passes(SHORT);
        assertThat(timer.reset(LONG)).isTrue();
        assertThat(timer.tick().tryReceive()).isNull();
        assertThat(timer.reset(SHORT)).isTrue();
        assertThat(timer.tick().receive()).isNotNull();
    }

    @Test
    void reset_toLater_withWaitingReceiver_postponesTheTick() throws Exception {
        var timer = ChannelTimer.in(Duration.ofMillis(10));
        var receiver = Running.call(() -> timer.tick().receive());
        while (!timer.reset(LONG)) { // too late: the tick was received
            timer.reset(Duration.ofMillis(10));
            receiver = Running.call(() -> timer.tick().receive());
        }
        receiver.parked();
        passes(Duration.ofMillis(20));
        receiver.parked();
        timer.reset(Duration.ZERO);
        assertThat(receiver.result()).isNotNull();
    }

    @Test
    void after_inSelect_endsTheWait() throws Exception {
        Channel<Integer> idle = Channel.unbuffered();
        String result = select(receive(idle, v -> "idle"), receive(Channel.after(SHORT), t -> "late"));
        assertThat(result).isEqualTo("late");
        assertThat(idle.isIdle()).isTrue();
    }

    /// Go's classic leak: a fresh timer in every round of a loop that is always served before.
    @Test
    void after_inSelectThatIsServedBefore_leavesNothing() throws Exception {
        int before = DeadlineTimer.pending();
        Channel<Integer> busy = Channel.unbuffered();
        var sender = Running.run(() -> {
            for (int i = 0; i < 500; i++) {
                busy.send(i);
            }
        });
        for (int i = 0; i < 500; i++) {
            assertThat((int) select(receive(busy, v -> v), receive(Channel.after(LONG), t -> -1)))
                    .isEqualTo(i);
        }
        sender.result();
        assertThat(DeadlineTimer.pending()).isLessThanOrEqualTo(before);
    }

    @Test
    void timer_neverStoppedAndNotReferenced_isCollected() {
        var forgotten = new WeakReference<>(ChannelTimer.in(LONG).tick());
        Running.until(() -> {
            System.gc();
            return forgotten.refersTo(null);
        });
    }

    @Test
    @SuppressWarnings("NullAway") // what a caller without a null checker does
    void in_ofNull_isRefused() {
        assertThatThrownBy(() -> ChannelTimer.in(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> Channel.after(null)).isInstanceOf(NullPointerException.class);
    }
}
