package dev.weir.runtime.pattern;

import static dev.weir.runtime.Running.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.runtime.Channel;
import dev.weir.runtime.Context;
import dev.weir.runtime.DeadlineExceededException;
import dev.weir.runtime.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class WorkerPoolTest {
    private final Context context = Context.background();
    private final Channel<Integer> gate = Channel.bounded(64);
    private final Queue<Integer> handled = new ConcurrentLinkedQueue<>();
    private final Queue<Integer> dropped = new ConcurrentLinkedQueue<>();

    /// Handles each element when the gate lets it.
    private void handleAtGate(Context context, Integer element) throws InterruptedException {
        gate.receive(context);
        handled.add(element);
    }

    private PoolPlan<Integer> gated() {
        return WorkerPool.io("gated", this::handleAtGate).workers(1).queue(2).onDropped(dropped::add);
    }

    /// One under way, two waiting.
    private WorkerPool<Integer> fullPool(Overflow overflow) throws InterruptedException {
        var pool = gated().overflow(overflow).start(context);
        pool.submit(context, 0);
        until(() -> pool.stats().underWay() == 1);
        pool.submit(context, 1);
        pool.submit(context, 2);
        return pool;
    }

    private void open() {
        gate.close();
    }

    private void letThrough(int elements) throws InterruptedException {
        for (int i = 0; i < elements; i++) {
            gate.send(1);
        }
    }

    @Test
    void drain_withManyWorkers_handlesEveryElementOnce() throws Exception {
        try (var pool = WorkerPool.io("many", (Context _, Integer element) -> handled.add(element))
                .workers(8)
                .queue(16)
                .start(context)) {
            for (int i = 0; i < 10_000; i++) {
                pool.submit(context, i);
            }
            assertThat(pool.drain(context).isEmpty()).isTrue();
            assertThat(pool.stats().done()).isEqualTo(10_000);
        }
        assertThat(handled).doesNotHaveDuplicates().hasSize(10_000);
    }

    @Test
    void io_runsOnVirtualThreads_cpuOnPlatformThreads() throws Exception {
        var threads = new ConcurrentLinkedQueue<String>();
        WorkerPool.Handler<String> noting = (_, kind) -> {
            var thread = Thread.currentThread();
            threads.add(kind + " " + thread.getName() + " " + thread.isVirtual());
        };
        try (var io = WorkerPool.io("waits", noting).workers(1).start(context);
                var cpu = WorkerPool.cpu("computes", noting).workers(1).start(context)) {
            io.submit(context, "io");
            cpu.submit(context, "cpu");
            io.drain(context);
            cpu.drain(context);
        }
        assertThat(threads).containsExactlyInAnyOrder("io waits-1 true", "cpu computes-1 false");
    }

    @Test
    void submit_toFullPoolThatBlocks_endsWithItsContext() throws Exception {
        try (var pool = fullPool(Overflow.BLOCK);
                var soon = context.withTimeout(Duration.ofMillis(5))) {
            assertThatThrownBy(() -> pool.submit(soon, 3)).isInstanceOf(DeadlineExceededException.class);
            assertThat(pool.trySubmit(4)).isFalse();
            letThrough(3);
            pool.drain(context);
        }
        assertThat(handled).containsExactly(0, 1, 2);
    }

    @Test
    void submit_toFullPoolThatDropsOldest_dropsWhatWaitedLongest() throws Exception {
        try (var pool = fullPool(Overflow.DROP_OLDEST)) {
            pool.submit(context, 3);
            letThrough(3);
            pool.drain(context);
            assertThat(pool.stats()).isEqualTo(new PoolStats(0, 4, 3, 0, 1, 0, 0, 0));
        }
        assertThat(handled).containsExactly(0, 2, 3);
        assertThat(dropped).containsExactly(1);
    }

    @Test
    void submit_toFullPoolThatDropsNewest_dropsIt() throws Exception {
        try (var pool = fullPool(Overflow.DROP_NEWEST)) {
            pool.submit(context, 3);
            letThrough(3);
            pool.drain(context);
        }
        assertThat(handled).containsExactly(0, 1, 2);
        assertThat(dropped).containsExactly(3);
    }

    @Test
    void submit_toFullPoolThatRefuses_throws() throws Exception {
        try (var pool = fullPool(Overflow.REFUSE)) {
            assertThatThrownBy(() -> pool.submit(context, 3))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("gated is full: 2 elements wait");
            assertThat(pool.stats().refused()).isEqualTo(1);
            letThrough(3);
            pool.drain(context);
        }
        assertThat(dropped).isEmpty();
    }

    @Test
    void handler_thatThrows_leavesItsWorkerAlive() throws Exception {
        try (var pool = WorkerPool.io("throws", (Context _, Integer element) -> {
                    if (element < 3) {
                        throw new IllegalStateException("element " + element);
                    }
                    handled.add(element);
                })
                .workers(1)
                .errors(2, _ -> {})
                .start(context)) {
            for (int i = 0; i < 4; i++) {
                pool.submit(context, i);
            }
            pool.drain(context);
            assertThat(handled).containsExactly(3);
            assertThat(pool.stats().failed()).isEqualTo(3);
            assertThat(pool.errors().dropped()).isEqualTo(1);
            assertThat(pool.errors().failures()).extracting(Failed::subject).containsExactly(1, 2);
        }
    }

    @Test
    void handler_thatLeavesAnInterrupt_leavesItsWorkerAlive() throws Exception {
        try (var pool = WorkerPool.io("interrupts", (Context _, Integer element) -> {
                    handled.add(element);
                    Thread.currentThread().interrupt();
                })
                .workers(1)
                .start(context)) {
            pool.submit(context, 1);
            pool.submit(context, 2);
            assertThat(pool.drain(context).isEmpty()).isTrue();
        }
        assertThat(handled).containsExactly(1, 2);
    }

    @Test
    void resize_up_letsMoreWorkAtTheSameTime() throws Exception {
        try (var pool = gated().queue(8).start(context)) {
            for (int i = 0; i < 4; i++) {
                pool.submit(context, i);
            }
            until(() -> pool.stats().underWay() == 1);
            pool.resize(4);
            until(() -> pool.stats().underWay() == 4);
            letThrough(4);
            pool.drain(context);
        }
        assertThat(handled).hasSize(4);
    }

    @Test
    void resize_down_dismissesIdleAndBusyWorkers() throws Exception {
        try (var pool = gated().workers(4).queue(8).start(context)) {
            pool.submit(context, 0);
            pool.submit(context, 1);
            until(() -> pool.stats().underWay() == 2);
            pool.resize(1);
            assertThat(pool.stats().workers()).isEqualTo(1);
            letThrough(2);
            until(() -> pool.stats().done() == 2);
            pool.submit(context, 2);
            pool.submit(context, 3);
            until(() -> pool.stats().underWay() == 1);
            assertThat(pool.stats().queued()).isEqualTo(1);
            letThrough(2);
            assertThat(pool.drain(context).isEmpty()).isTrue();
        }
        assertThat(handled).containsExactlyInAnyOrder(0, 1, 2, 3);
    }

    @Test
    void resize_outOfBounds_saysTheBounds() {
        try (var pool = gated().start(context)) {
            assertThatThrownBy(() -> pool.resize(0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("1 to 10000 workers, but was 0");
        }
    }

    @Test
    void drain_withoutEnoughTime_tellsWhatWasNotDone() throws Exception {
        try (var pool = WorkerPool.io("stuck", (Context _, Integer element) -> {
                            gate.receive(); // does not watch its context
                            handled.add(element);
                        })
                        .workers(1)
                        .queue(2)
                        .onDropped(dropped::add)
                        .start(context);
                var soon = context.withTimeout(Duration.ofMillis(5))) {
            pool.submit(context, 0);
            until(() -> pool.stats().underWay() == 1);
            pool.submit(context, 1);
            pool.submit(context, 2);
            var undone = pool.drain(soon);
            assertThat(undone).isEqualTo(new Leftover<>(List.of(1, 2), List.of(0)));
        }
        assertThat(dropped).containsExactly(1, 2);
        open();
    }

    @Test
    void submit_afterTheEnd_isRefused() throws Exception {
        var pool = gated().start(context);
        pool.close();
        assertThatThrownBy(() -> pool.submit(context, 1))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("gated has ended");
        assertThatThrownBy(() -> pool.resize(2)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void close_withElementsWaiting_dropsThemAndCancelsTheHandler() throws Exception {
        var pool = fullPool(Overflow.BLOCK);
        pool.close();
        assertThat(dropped).containsExactly(1, 2);
        assertThat(pool.stats().underWay()).isZero();
        assertThat(pool.errors().failures()).extracting(Failed::subject).containsExactly(0);
        assertThat(handled).isEmpty();
    }

    @Test
    void parent_thatIsCancelled_endsThePool() throws Exception {
        try (var parent = context.withCancel();
                var pool = gated().start(parent)) {
            pool.submit(context, 0);
            until(() -> pool.stats().underWay() == 1);
            pool.submit(context, 1);
            parent.cancel();
            until(() -> dropped.size() == 1 && pool.stats().workers() == 0);
            assertThatThrownBy(() -> pool.submit(context, 1)).isInstanceOf(RefusedException.class);
        }
    }

    @Test
    void request_thatFails_bringsWhatWasThrown() throws Exception {
        var thrown = new IllegalStateException("no answer");
        try (var pool = WorkerPool.io("asks", Request.<String, String>answeredBy((_, _) -> {
                    throw thrown;
                }))
                .start(context)) {
            var request = Request.<String, String>of("question");
            pool.submit(context, request);
            assertThat(request.await(context)).isEqualTo(new Outcome.Failure<String>(thrown));
            until(() -> pool.stats().failed() == 1);
        }
    }

    @Test
    void request_thatIsDropped_isAnsweredWithARefusal() throws Exception {
        var first = Request.<String, String>of("first");
        var second = Request.<String, String>of("second");
        try (var pool = WorkerPool.io("asks", Request.<String, String>answeredBy((handling, question) -> {
                    gate.receive(handling);
                    return question;
                }))
                .workers(1)
                .start(context)) {
            pool.submit(context, first);
            until(() -> pool.stats().underWay() == 1);
            pool.submit(context, second);
        }
        assertThat(second.await(context))
                .isInstanceOfSatisfying(
                        Outcome.Failure.class, end -> assertThat(end.thrown()).isInstanceOf(RefusedException.class));
        assertThat(first.outcome()).isPresent();
    }
}
