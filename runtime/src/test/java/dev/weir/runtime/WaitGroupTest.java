package dev.weir.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class WaitGroupTest {

    @Test
    void await_withoutTasks_returns() throws Exception {
        WaitGroup.of("test").await();
    }

    @Test
    void await_untilAllAreDone_waits() throws Exception {
        var group = WaitGroup.of("test");
        group.add(2);
        var waiting = Running.run(group::await).parked();
        var other = Running.run(() -> group.await(Context.background())).parked();
        group.done();
        assertThat(waiting.isDone()).isFalse();
        assertThat(group.count()).isEqualTo(1);
        group.done();
        waiting.result();
        other.result();
    }

    @Test
    void done_withoutATask_throwsWithTheNumbersAndChangesNothing() {
        var group = WaitGroup.of("test");
        assertThatThrownBy(group::done)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the count of WaitGroup(test) would be negative: 0 - 1");
        group.add(2);
        assertThatThrownBy(() -> group.add(-3)).hasMessageContaining("2 - 3");
        assertThat(group.count()).isEqualTo(2);
    }

    @Test
    void go_manyTasks_areAllWaitedFor() throws Exception {
        var group = WaitGroup.of("test");
        var done = new AtomicInteger();
        for (int i = 0; i < 1_000; i++) {
            group.go(done::incrementAndGet);
        }
        group.await();
        assertThat(done).hasValue(1_000);
        assertThat(group.count()).isZero();
    }

    @Test
    void go_fromATask_isWaitedForToo() throws Exception {
        var group = WaitGroup.of("test");
        var done = new AtomicInteger();
        group.go(() -> group.go(() -> group.go(done::incrementAndGet)));
        group.await();
        assertThat(done).hasValue(1);
    }

    @Test
    void go_taskThrows_isReportedAndCountedDown() throws Exception {
        var before = Thread.getDefaultUncaughtExceptionHandler();
        Channel<String> reported = Channel.bounded(1);
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, thrown) -> reported.trySend(thread.getName() + " " + thrown.getMessage()));
        try {
            var group = WaitGroup.of("test");
            group.go(() -> {
                throw new IllegalStateException("broken");
            });
            assertThat(reported.receive()).isEqualTo("test-1 broken");
            group.await();
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    @Test
    void group_canBeUsedAgain() throws Exception {
        var group = WaitGroup.of("test");
        for (int round = 0; round < 500; round++) {
            group.add(1);
            var waiting = Running.run(group::await);
            group.done();
            waiting.result();
        }
    }

    @Test
    void await_contextEnds_throws() throws Exception {
        var group = WaitGroup.of("test");
        group.add(1);
        var context = Context.background().withCancel();
        var waiting = Running.run(() -> group.await(context)).parked();
        context.cancel();
        assertThatThrownBy(waiting::result).isInstanceOf(CancelledException.class);
        assertThatThrownBy(() -> group.await(context)).isInstanceOf(CancelledException.class);
        group.done();
        group.await();
    }

    @Test
    void await_interrupted_throws() {
        var group = WaitGroup.of("test");
        group.add(1);
        var waiting = Running.run(group::await).parked();
        waiting.thread().interrupt();
        assertThatThrownBy(waiting::result).isInstanceOf(InterruptedException.class);
    }

    @Test
    void tryAwait_givesUpOrIsInTime() throws Exception {
        var group = WaitGroup.of("test");
        group.add(1);
        assertThat(group.tryAwait(Duration.ofMillis(1))).isFalse();
        var waiting = Running.call(() -> group.tryAwait(Duration.ofDays(1))).parkedWithTimeout();
        group.done();
        assertThat(waiting.result()).isTrue();
        assertThat(group.tryAwait(Duration.ZERO)).isTrue();
    }

    @Test
    void manyWaiters_areAllReleased() throws Exception {
        var group = WaitGroup.of("test");
        group.add(1);
        var waiting = new ArrayList<Running<Boolean>>();
        for (int i = 0; i < 100; i++) {
            waiting.add(Running.run(group::await).parked());
        }
        group.done();
        for (var one : waiting) {
            one.result();
        }
    }
}
