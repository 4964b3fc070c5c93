package dev.weir.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class GroupTest {

    private static Group group() {
        return Group.of(Context.background(), "test");
    }

    @Test
    void await_withoutTasks_returnsAndCancelsTheContext() throws Exception {
        try (var group = group()) {
            group.await();
            assertThat(group.context().err()).containsInstanceOf(CancelledException.class);
        }
    }

    @Test
    void await_waitsForAllTasks() throws Exception {
        try (var group = group()) {
            var done = new AtomicInteger();
            for (int i = 0; i < 100; i++) {
                group.go(done::incrementAndGet);
            }
            group.await();
            assertThat(done).hasValue(100);
        }
    }

    @Test
    void await_afterFailure_waitsForTheOthersAndReportsTheFirstEveryTime() throws Exception {
        try (var group = group()) {
            var first = new IOException("first");
            var later = new IOException("later");
            var finished = new AtomicInteger();
            group.go(() -> {
                throw first;
            });
            group.go(() -> {
                group.context().await();
                finished.incrementAndGet();
                throw later;
            });
            assertThatThrownBy(group::await)
                    .isInstanceOf(TaskFailedException.class)
                    .hasMessageContaining("test-1")
                    .hasCause(first);
            assertThat(finished).hasValue(1);
            assertThat(first.getSuppressed()).containsExactly(later);
            assertThatThrownBy(group::await).hasCause(first);
        }
    }

    @Test
    void failure_cancelsTheContextWithItself() throws Exception {
        try (var group = group()) {
            var failure = new IOException("x");
            group.go(() -> {
                throw failure;
            });
            group.context().await();
            assertThat(group.context().cause()).contains(failure);
        }
    }

    @Test
    void failure_thatIsOnlyTheCancellation_isNotReportedAsAnother() throws Exception {
        try (var group = group()) {
            var failure = new IOException("x");
            Channel<Integer> channel = Channel.unbuffered();
            group.go(() -> channel.receive(group.context()));
            group.go(() -> {
                throw failure;
            });
            assertThatThrownBy(group::await).hasCause(failure);
            assertThat(failure.getSuppressed()).isEmpty();
        }
    }

    @Test
    void failure_byManyTasks_keepsABoundedNumberAndCountsTheRest() throws Exception {
        try (var group = group()) {
            for (int i = 0; i < 100; i++) {
                group.go(() -> {
                    throw new IOException("x");
                });
            }
            assertThatThrownBy(group::await)
                    .hasMessageContaining("99 more failures")
                    .extracting(Throwable::getCause, InstanceOfAssertFactories.THROWABLE)
                    .extracting(Throwable::getSuppressed, InstanceOfAssertFactories.ARRAY)
                    .hasSize(32);
        }
    }

    @Test
    void error_failsTheGroupAndReachesTheUncaughtHandlerAtOnce() throws Exception {
        var before = Thread.getDefaultUncaughtExceptionHandler();
        Channel<Throwable> reported = Channel.bounded(1);
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> reported.trySend(thrown));
        try (var group = group()) {
            var error = new AssertionError("broken");
            group.go(() -> {
                throw error;
            });
            assertThat(reported.receive()).isSameAs(error);
            assertThatThrownBy(group::await).hasCause(error);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    @Test
    void parentCancelled_cancelsTheContextButIsNoFailure() throws Exception {
        var parent = Context.background().withCancel();
        try (var group = Group.of(parent, "test")) {
            group.go(() -> group.context().await());
            parent.cancel();
            group.await();
        }
    }

    @Test
    void limit_isNeverExceeded() throws Exception {
        try (var group = group().limit(10)) {
            var active = new AtomicInteger();
            var most = new AtomicInteger();
            for (int i = 0; i < 1_025; i++) {
                group.go(() -> {
                    most.accumulateAndGet(active.incrementAndGet(), Math::max);
                    Thread.sleep(0, 1_000);
                    active.decrementAndGet();
                });
            }
            group.await();
            assertThat(most.get()).isBetween(1, 10);
        }
    }

    @Test
    void go_atTheLimit_waitsForAFreeSlot() throws Exception {
        try (var group = group().limit(1)) {
            Channel<Integer> release = Channel.unbuffered();
            group.go(release::receive);
            var second = Running.run(() -> group.go(() -> {})).parked();
            release.send(1);
            second.result();
            group.await();
        }
    }

    @Test
    void tryGo_atTheLimit_returnsFalse() throws Exception {
        try (var group = group().limit(1)) {
            Channel<Integer> release = Channel.unbuffered();
            assertThat(group.tryGo(release::receive)).isTrue();
            assertThat(group.tryGo(() -> {})).isFalse();
            release.send(1);
            group.await();
        }
    }

    @Test
    void go_atTheLimitInterrupted_startsNothing() throws Exception {
        try (var group = group().limit(0)) {
            var runs = new AtomicInteger();
            var starting = Running.run(() -> group.go(runs::incrementAndGet)).parked();
            starting.thread().interrupt();
            assertThatThrownBy(starting::result).isInstanceOf(InterruptedException.class);
            group.await();
            assertThat(runs).hasValue(0);
        }
    }

    @Test
    void limit_negativeOrLate_isRefused() throws Exception {
        try (var group = group()) {
            assertThatThrownBy(() -> group.limit(-1)).isInstanceOf(IllegalArgumentException.class);
            group.go(() -> {});
            assertThatThrownBy(() -> group.limit(1)).isInstanceOf(IllegalStateException.class);
            group.await();
        }
    }

    @Test
    void go_afterTheEnd_isRefused() throws Exception {
        try (var group = group()) {
            group.await();
            assertThatThrownBy(() -> group.go(() -> {})).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> group.tryGo(() -> {})).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void go_namesItsVirtualThreads() throws Exception {
        var names = ConcurrentHashMap.<String>newKeySet();
        try (var group = group()) {
            for (int i = 0; i < 3; i++) {
                group.go(() -> names.add(Thread.currentThread().isVirtual()
                        + Thread.currentThread().getName()));
            }
            group.await();
        }
        assertThat(names).containsExactlyInAnyOrder("truetest-1", "truetest-2", "truetest-3");
    }

    @Test
    void await_interrupted_throwsAndCanBeRepeated() throws Exception {
        try (var group = group()) {
            Channel<Integer> release = Channel.unbuffered();
            group.go(release::receive);
            var owner = Running.run(group::await).parked();
            owner.thread().interrupt();
            assertThatThrownBy(owner::result).isInstanceOf(InterruptedException.class);
            assertThat(group.context().isDone()).isFalse();
            release.send(1);
            group.await();
        }
    }

    @Test
    void close_withoutAwait_cancelsAndWaits() throws Exception {
        var ended = new AtomicInteger();
        try (var group = group()) {
            group.go(() -> {
                group.context().await();
                ended.incrementAndGet();
            });
        }
        assertThat(ended).hasValue(1);
    }

    @Test
    void taskFailed_hasTheStackOfTheTaskAndOfTheOneWhoAwaited() throws Exception {
        try (var group = group()) {
            group.go(GroupTest::failDeepInATask);
            assertThatThrownBy(() -> awaitDeepInAnOwner(group))
                    .satisfies(thrown -> assertThat(methods(thrown)).contains("awaitDeepInAnOwner"))
                    .cause()
                    .satisfies(cause -> assertThat(methods(cause)).contains("failDeepInATask"));
        }
    }

    private static void failDeepInATask() throws IOException {
        throw new IOException("x");
    }

    private static void awaitDeepInAnOwner(Group group) throws InterruptedException {
        group.await();
    }

    private static List<String> methods(Throwable thrown) {
        return Arrays.stream(thrown.getStackTrace())
                .map(StackTraceElement::getMethodName)
                .toList();
    }

    @Test
    void go_withContextThatEndsWhileItWaits_startsNothingAndTakesNoSlot() throws Exception {
        try (var group = group().limit(1)) {
            Channel<Integer> release = Channel.unbuffered();
            group.go(release::receive);
            var context = Context.background().withCancel();
            var runs = new AtomicInteger();
            var second =
                    Running.run(() -> group.go(context, runs::incrementAndGet)).parked();
            context.cancel();
            assertThatThrownBy(second::result).isInstanceOf(CancelledException.class);
            release.send(1);
            group.go(Context.background(), runs::incrementAndGet);
            group.await();
            assertThat(runs).hasValue(1);
        }
    }

    @Test
    void go_withDoneContext_startsNothingAlthoughThereIsRoom() throws Exception {
        try (var group = group()) {
            var context = Context.background().withCancel();
            context.cancel();
            assertThatThrownBy(() -> group.go(context, () -> {})).isInstanceOf(CancelledException.class);
            group.await();
        }
    }

    @Test
    void go_withTheGroupsContext_endsItsWaitWithTheFirstFailure() throws Exception {
        try (var group = group().limit(1)) {
            Channel<Integer> release = Channel.unbuffered();
            var failure = new IOException("x");
            group.go(() -> {
                release.receive();
                throw failure;
            });
            var second = Running.run(() -> group.go(group.context(), () -> {}));
            release.send(1);
            assertThatThrownBy(second::result)
                    .isInstanceOf(CancelledException.class)
                    .hasCause(failure);
            assertThatThrownBy(group::await).hasCause(failure);
        }
    }

    @Test
    void await_inEveryCase_endsTheContext() throws Exception {
        List<List<Group.Task>> cases = List.of(
                List.of(),
                List.of(() -> {}),
                List.of(() -> {}, GroupTest::failDeepInATask),
                List.of(GroupTest::failDeepInATask, () -> {}, GroupTest::failDeepInATask));
        for (var tasks : cases) {
            try (var group = group()) {
                for (var task : tasks) {
                    group.go(task);
                }
                boolean failed = false;
                try {
                    group.await();
                } catch (TaskFailedException e) {
                    failed = true;
                }
                assertThat(failed).isEqualTo(tasks.size() > 1);
                assertThat(group.context().err()).containsInstanceOf(CancelledException.class);
                assertThat(group.context().cause().orElseThrow() instanceof IOException)
                        .isEqualTo(failed);
            }
        }
    }

    @Test
    void limitOfNone_letsNoTaskRun() throws Exception {
        try (var group = group().limit(0)) {
            assertThat(group.tryGo(() -> {})).isFalse();
            group.await();
        }
    }

    @Test
    void await_withContextThatEnds_leavesTheGroupRunning() throws Exception {
        try (var group = group()) {
            Channel<Integer> release = Channel.unbuffered();
            group.go(release::receive);
            var context = Context.background().withCancel();
            var owner = Running.run(() -> group.await(context)).parked();
            context.cancel();
            assertThatThrownBy(owner::result).isInstanceOf(CancelledException.class);
            assertThat(group.context().isDone()).isFalse();
            release.send(1);
            group.await(Context.background());
        }
    }

    @Test
    void go_fromATask_isWaitedForToo() throws Exception {
        try (var group = group()) {
            var done = new AtomicInteger();
            group.go(() -> group.go(() -> group.go(done::incrementAndGet)));
            group.await();
            assertThat(done).hasValue(1);
        }
    }

    @Test
    void await_waiting_isBlockedOnTheGroup() throws Exception {
        try (var group = group()) {
            Channel<Integer> release = Channel.unbuffered();
            group.go(release::receive);
            var owner = Running.callOnPlatform(() -> {
                        group.await();
                        return true;
                    })
                    .parked();
            assertThat(LockSupport.getBlocker(owner.thread())).isSameAs(group);
            release.send(1);
            owner.result();
        }
    }

    @Test
    void close_interrupted_waitsAndKeepsTheInterrupt() throws Exception {
        var group = group();
        Channel<Integer> release = Channel.unbuffered();
        group.go(release::receive);
        var owner = Running.call(() -> {
                    group.close();
                    return Thread.interrupted();
                })
                .parked();
        owner.thread().interrupt();
        owner.parked();
        release.send(1);
        assertThat(owner.result()).isTrue();
    }
}
