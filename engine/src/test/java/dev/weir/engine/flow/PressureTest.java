package dev.weir.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.Message;
import dev.weir.engine.Receipt;
import dev.weir.engine.stage.Stage.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// What happens when a sink or stage is slower than the devices.
class PressureTest {
    private final Collector out = new Collector();

    private static Message message(String device, int number) {
        return Message.of("t/" + device, Integer.toString(number).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void block_withSinkThatHangs_blocksTheSourceAndHoldsNoMore() throws Exception {
        out.shut();
        try (var rig = new FlowRig().sink("out", out, 1, 8, Overflow.BLOCK)) {
            rig.add(rig.draft("p").workers(1, 8, Overflow.BLOCK)).start();
            var sent = new AtomicInteger();
            var source = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < 1000; i++) {
                        rig.send("a", Integer.toString(i));
                        sent.incrementAndGet();
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            FlowRig.await("the source waits", () -> rig.source().waiting() == 1);
            FlowRig.await("the queues are full", () -> rig.flow().state().pipelines().getFirst().segments().getFirst().queued() == 8);
            rig.awaitBalance();
            // At most: the sink's batch and queue, the worker's batch, the pipeline's queue.
            assertThat(sent.get()).isLessThanOrEqualTo(out.batch() + 8 + 8 + 8);
            assertThat(rig.line("p").queued()).isEqualTo(sent.get());
            out.reopen();
            source.join();
            rig.flush();
            assertThat(out.numbers("a")).hasSize(1000).isSorted();
        }
    }

    @Test
    void accept_withPatienceAndNoRoom_isOverloadedAndNothingTaken() throws Exception {
        out.shut();
        try (var rig = new FlowRig().sink("out", out, 1, 1, Overflow.BLOCK)) {
            rig.add(rig.draft("p").workers(1, 1, Overflow.BLOCK)).start();
            var told = new AtomicReference<Receipt>();
            int accepted = 0;
            while (told.get() != Receipt.OVERLOADED) {
                rig.inlet().accept(message("a", accepted), told::set, Duration.ofMillis(20));
                accepted += told.get() == Receipt.ACCEPTED ? 1 : 0;
                assertThat(accepted).isLessThan(300);
            }
            assertThat(rig.source().rejected()).isEqualTo(Map.of("overloaded", 1L));
            out.reopen();
            rig.flush();
            assertThat(out.readings()).hasSize(accepted);
        }
    }

    @Test
    void accept_interruptedWhileWaiting_takesNothingAndTellsNobody() throws Exception {
        out.shut();
        try (var rig = new FlowRig().sink("out", out, 1, 1, Overflow.BLOCK)) {
            rig.add(rig.draft("p").workers(1, 1, Overflow.BLOCK)).start();
            var told = new AtomicInteger();
            var interrupted = new CountDownLatch(1);
            var source = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; ; i++) {
                        rig.inlet().accept(message("a", i), _ -> told.incrementAndGet());
                    }
                } catch (InterruptedException e) {
                    interrupted.countDown();
                }
            });
            FlowRig.await("the source waits", () -> rig.source().waiting() == 1);
            source.interrupt();
            interrupted.await();
            out.reopen();
            rig.flush();
            assertThat(out.readings()).hasSize(told.get());
            assertThat(rig.source().rejected()).isEqualTo(Map.of("interrupted", 1L));
        }
    }

    private FlowRig overflowing(Overflow policy, CountDownLatch entered, CountDownLatch gate) throws Exception {
        var rig = new FlowRig().sink("out", out);
        return rig.add(rig.draft("p").workers(1, 4, policy).stage("gate", (_, _) -> {
                    entered.countDown();
                    try {
                        gate.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return Verdict.PASS;
                }))
                .start();
    }

    @Test
    void dropOldest_withFullQueue_keepsTheNewestAndCounts() throws Exception {
        var entered = new CountDownLatch(1);
        var gate = new CountDownLatch(1);
        try (var rig = overflowing(Overflow.DROP_OLDEST, entered, gate)) {
            rig.send("a", "0");
            entered.await();
            for (int i = 1; i <= 10; i++) {
                assertThat(rig.send("a", Integer.toString(i))).isEqualTo(Receipt.ACCEPTED);
            }
            gate.countDown();
            rig.flush();
            assertThat(out.numbers("a")).containsExactly(0L, 7L, 8L, 9L, 10L);
            assertThat(rig.line("p").dropped()).isEqualTo(Map.of("overflow", 6L));
        }
    }

    @Test
    void dropOldest_withBarrierInFullQueue_neverLosesTheBarrier() throws Exception {
        var entered = new CountDownLatch(1);
        var gate = new CountDownLatch(1);
        try (var rig = overflowing(Overflow.DROP_OLDEST, entered, gate)) {
            rig.send("a", "0");
            entered.await();
            var flushed = rig.flow().flush();
            FlowRig.await("the barrier is queued or the queue accepts it", () -> {
                try {
                    rig.send("a", "1");
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return rig.line("p").dropped().getOrDefault("overflow", 0L) > 50;
            });
            gate.countDown();
            flushed.get();
            rig.flush();
            assertThat(rig.line("p")).returns(0L, Ledger.StreamLine::queued);
        }
    }

    @Test
    void dropNewest_withFullQueue_keepsTheOldestAndCounts() throws Exception {
        var entered = new CountDownLatch(1);
        var gate = new CountDownLatch(1);
        try (var rig = overflowing(Overflow.DROP_NEWEST, entered, gate)) {
            rig.send("a", "0");
            entered.await();
            for (int i = 1; i <= 10; i++) {
                assertThat(rig.send("a", Integer.toString(i))).isEqualTo(Receipt.ACCEPTED);
            }
            gate.countDown();
            rig.flush();
            assertThat(out.numbers("a")).containsExactly(0L, 1L, 2L, 3L, 4L);
            assertThat(rig.line("p").dropped()).isEqualTo(Map.of("overflow", 6L));
        }
    }

    @Test
    void ledger_whileStageHoldsUpTheQueue_countsWhatWaitsExactly() throws Exception {
        var entered = new CountDownLatch(1);
        var gate = new CountDownLatch(1);
        try (var rig = overflowing(Overflow.BLOCK, entered, gate)) {
            rig.send("a", "0");
            entered.await();
            rig.send("a", "1");
            rig.send("a", "2");
            var flushed = rig.flow().flush();
            FlowRig.await("the ledger balances", () -> rig.flow().ledger().balanced());
            assertThat(rig.line("p")).returns(3L, Ledger.StreamLine::queued);
            gate.countDown();
            flushed.get();
        }
    }
}
