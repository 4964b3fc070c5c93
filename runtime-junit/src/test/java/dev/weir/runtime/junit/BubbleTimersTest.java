package dev.weir.runtime.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.runtime.ChannelTimer;
import dev.weir.runtime.Context;
import dev.weir.runtime.Rate;
import dev.weir.runtime.RateLimiter;
import dev.weir.runtime.Ticker;
import dev.weir.runtime.WaitGroup;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The library's timers in virtual time, after the tests of Go's `testing/synctest`.
@Timeout(30)
final class BubbleTimersTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    @VirtualTime
    void timer_readBeforeItsTime_ticksAtIt() throws Exception {
        var timer = ChannelTimer.in(SECOND);
        var begin = Bubble.now();
        assertThat(timer.tick().receive()).isEqualTo(begin.plus(SECOND));
        assertThat(Bubble.now()).isEqualTo(begin.plus(SECOND));
    }

    @Test
    @VirtualTime
    void timer_readAfterItsTime_tellsWhenItTicked() throws Exception {
        var begin = Bubble.now();
        var timer = ChannelTimer.in(SECOND);
        Bubble.sleep(SECOND.multipliedBy(2));
        assertThat(timer.tick().receive()).isEqualTo(begin.plus(SECOND));
        assertThat(Bubble.now()).isEqualTo(begin.plus(SECOND.multipliedBy(2)));
    }

    @Test
    @VirtualTime
    void timer_reset_ticksAtTheNewTimeOnly() throws Exception {
        var timer = ChannelTimer.in(SECOND);
        timer.reset(SECOND.multipliedBy(3));
        Bubble.sleep(SECOND.multipliedBy(2));
        assertThat(timer.tick().tryReceive()).isNull();
        timer.tick().receive();
        assertThat(Bubble.nanoTime()).isEqualTo(SECOND.toNanos() * 3);
    }

    @Test
    void timer_stopped_leavesADeadlock() {
        assertThatThrownBy(() -> Bubble.run(() -> {
                    var timer = ChannelTimer.in(SECOND);
                    assertThat(timer.stop()).isTrue();
                    timer.tick().receive();
                }))
                .isInstanceOf(DeadlockError.class);
    }

    @Test
    @VirtualTime
    void ticker_ofASecond_ticksEachSecond() throws Exception {
        var ticker = Ticker.every(SECOND);
        var begin = Bubble.now();
        for (int i = 1; i <= 100; i++) {
            assertThat(ticker.ticks().receive()).isEqualTo(begin.plus(SECOND.multipliedBy(i)));
        }
        ticker.stop();
    }

    @Test
    @VirtualTime
    void waitGroup_ofSleepers_isAwaitedInVirtualTime() throws Exception {
        var tasks = WaitGroup.of("sleepers");
        for (int i = 1; i <= 3; i++) {
            int seconds = i;
            tasks.go(() -> {
                try {
                    Bubble.sleep(Duration.ofSeconds(seconds));
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
        }
        assertThat(tasks.tryAwait(SECOND.multipliedBy(2))).isFalse();
        tasks.await();
        assertThat(Bubble.nanoTime()).isEqualTo(SECOND.toNanos() * 3);
    }

    @Test
    @VirtualTime
    void rateLimiter_ofTenASecond_letsTheEleventhThroughAfterATenth() throws Exception {
        var limiter = RateLimiter.tokenBucket(Rate.perSecond(10), 10);
        for (int i = 0; i < 11; i++) {
            limiter.await(Context.background());
        }
        assertThat(Bubble.nanoTime()).isEqualTo(SECOND.toNanos() / 10);
    }
}
