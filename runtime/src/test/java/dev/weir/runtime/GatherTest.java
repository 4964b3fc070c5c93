package dev.weir.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class GatherTest {

    @Test
    void await_givesEveryOutcomeInOrderOfSubmission() throws Exception {
        try (var gather = Gather.<Integer>of(Context.background(), "test")) {
            var failure = new IOException("second");
            Channel<Integer> last = Channel.unbuffered();
            gather.go(last::receive); // ends last
            gather.go(() -> {
                throw failure;
            });
            gather.go(() -> {
                last.send(1);
                return 3;
            });
            assertThat(gather.await())
                    .containsExactly(
                            new Outcome.Success<>(1), new Outcome.Failure<>(failure), new Outcome.Success<>(3));
            assertThat(gather.await()).hasSize(3);
        }
    }

    @Test
    void failure_doesNotEndTheOthers() throws Exception {
        try (var gather = Gather.<String>of(Context.background(), "test").limit(1)) {
            gather.go(() -> {
                throw new IOException("first");
            });
            gather.go(() -> gather.context().isDone() ? "cancelled" : "went on");
            assertThat(gather.await().getLast()).isEqualTo(new Outcome.Success<>("went on"));
            assertThat(gather.context().isDone()).isTrue();
        }
    }

    @Test
    @SuppressWarnings("ThreadPriorityCheck") // lets the others run
    void manyTasks_withinALimit_keepTheirOrder() throws Exception {
        try (var gather = Gather.<Integer>of(Context.background(), "test").limit(3)) {
            var expected = new ArrayList<Integer>();
            var active = new AtomicInteger();
            var most = new AtomicInteger();
            for (int i = 0; i < 1_000; i++) {
                int number = i;
                expected.add(i);
                gather.go(() -> {
                    most.accumulateAndGet(active.incrementAndGet(), Math::max);
                    Thread.yield();
                    active.decrementAndGet();
                    return number;
                });
            }
            assertThat(gather.awaitValues()).isEqualTo(expected);
            assertThat(most.get()).isBetween(1, 3);
        }
    }

    @Test
    void nullValue_isAValue() throws Exception {
        try (var gather = Gather.<@Nullable String>of(Context.background(), "test")) {
            gather.go(() -> null);
            assertThat(gather.awaitValues()).containsExactly((String) null);
        }
    }

    @Test
    void awaitValues_afterFailures_throwsTheFirstInOrderWithBothStacks() throws Exception {
        try (var gather = Gather.<Integer>of(Context.background(), "test")) {
            var first = new IOException("first");
            var second = new IOException("second");
            Channel<Integer> secondFailed = Channel.unbuffered();
            gather.go(() -> {
                secondFailed.receive();
                throw first;
            });
            gather.go(() -> {
                secondFailed.send(1);
                throw second;
            });
            assertThatThrownBy(gather::awaitValues)
                    .isInstanceOf(TaskFailedException.class)
                    .hasMessageContaining("test-1")
                    .hasCause(first)
                    .hasSuppressedException(second)
                    .satisfies(thrown -> assertThat(thrown.getStackTrace())
                            .anyMatch(frame -> frame.getMethodName().equals("awaitValues")));
        }
    }

    @Test
    void error_isAnOutcomeAndReportedAtOnce() throws Exception {
        var before = Thread.getDefaultUncaughtExceptionHandler();
        Channel<Throwable> reported = Channel.bounded(1);
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> reported.trySend(thrown));
        try (var gather = Gather.<Integer>of(Context.background(), "test")) {
            var error = new AssertionError("broken");
            gather.go(() -> {
                throw error;
            });
            assertThat(reported.receive()).isSameAs(error);
            assertThat(gather.await()).containsExactly(new Outcome.Failure<>(error));
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    @Test
    void go_withContextThatEnds_startsNothing() throws Exception {
        try (var gather = Gather.<Integer>of(Context.background(), "test").limit(0)) {
            var context = Context.background().withCancel();
            var starting = Running.run(() -> gather.go(context, () -> 1)).parked();
            assertThat(gather.tryGo(() -> 2)).isFalse();
            context.cancel();
            assertThatThrownBy(starting::result).isInstanceOf(CancelledException.class);
            assertThat(gather.await()).isEqualTo(List.of());
            assertThatThrownBy(() -> gather.limit(1).go(() -> 1)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void await_withContextThatEnds_leavesTheTasksRunning() throws Exception {
        try (var gather = Gather.<Integer>of(Context.background(), "test")) {
            Channel<Integer> release = Channel.unbuffered();
            gather.go(release::receive);
            var context = Context.background().withCancel();
            var waiting = Running.run(() -> gather.await(context)).parked();
            context.cancel();
            assertThatThrownBy(waiting::result).isInstanceOf(CancelledException.class);
            release.send(5);
            assertThat(gather.await(Context.background())).containsExactly(new Outcome.Success<>(5));
        }
    }

    @Test
    void close_withoutAwait_cancelsAndWaits() throws Exception {
        var ended = new AtomicInteger();
        try (var gather = Gather.<Integer>of(Context.background(), "test")) {
            gather.go(() -> {
                gather.context().await();
                return ended.incrementAndGet();
            });
        }
        assertThat(ended).hasValue(1);
    }

    @Test
    void orThrow_ofAFailure_hasTheCallersStackAndTheTasksCause() {
        var thrown = new IOException("x");
        assertThatThrownBy(() -> new Outcome.Failure<String>(thrown).orThrow())
                .isInstanceOf(TaskFailedException.class)
                .hasCause(thrown);
        assertThat(new Outcome.Success<>("v").orThrow()).isEqualTo("v");
    }
}
