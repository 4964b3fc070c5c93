package dev.weir.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.engine.Reading;
import dev.weir.engine.stage.Stage.Verdict;
import dev.weir.runtime.supervise.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The number of workers changes while readings flow.
@Timeout(60)
class ResizeTest {
    private static final int DEVICES = 40;
    private static final int EACH = 400;

    private final Collector out = new Collector();
    private final AtomicInteger working = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    private FlowRig rig(Overflow overflow) {
        var rig = new FlowRig().sink("out", out);
        var draft = rig.draft("p").stage("slow", (reading, _) -> slow(reading));
        draft.workforce = Workforce.adaptive(2, 256, overflow);
        rig.add(draft);
        return rig;
    }

    private Verdict slow(Reading reading) {
        most.accumulateAndGet(working.incrementAndGet(), Math::max);
        if (reading.whole(0) % 16 == 0) {
            LockSupport.parkNanos(200_000);
        }
        working.decrementAndGet();
        return Verdict.PASS;
    }

    private static void sendAll(FlowRig rig) throws InterruptedException {
        List<Thread> senders = new ArrayList<>();
        for (int sender = 0; sender < 4; sender++) {
            int first = sender * DEVICES / 4;
            senders.add(Thread.ofVirtual().name("sender-" + sender).start(() -> send(rig, first, first + DEVICES / 4)));
        }
        for (Thread sender : senders) {
            sender.join();
        }
    }

    private static void send(FlowRig rig, int from, int to) {
        try {
            for (int n = 0; n < EACH; n++) {
                for (int device = from; device < to; device++) {
                    rig.send("d" + device, String.valueOf(n));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static FlowState.SegmentState segment(FlowRig rig) {
        return rig.flow().state().pipelines().getFirst().segments().getFirst();
    }

    @Test
    void resize_overAndOverUnderLoad_keepsOrderAndLosesNothing() throws Exception {
        long seed = System.nanoTime();
        System.out.println("ResizeTest seed " + seed);
        var random = new Random(seed);
        var over = new AtomicBoolean();
        var resizes = new AtomicInteger();
        try (var rig = rig(Overflow.BLOCK).start()) {
            Thread resizer = Thread.ofPlatform().name("resizer").start(() -> {
                while (!over.get()) {
                    rig.flow().resize("p", 1 + random.nextInt(8), "a test");
                    resizes.incrementAndGet();
                    LockSupport.parkNanos(random.nextInt(300_000));
                }
            });
            Thread flusher = Thread.ofVirtual().name("flusher").start(() -> {
                while (!over.get()) {
                    rig.flow().closeWindows("p").join();
                }
            });
            sendAll(rig);
            rig.flush();
            over.set(true);
            resizer.join();
            flusher.join();
            for (int device = 0; device < DEVICES; device++) {
                assertThat(out.numbers("d" + device))
                        .as("device %d", device)
                        .isEqualTo(LongStream.range(0, EACH).boxed().toList());
            }
            assertThat(rig.line("p").completed()).isEqualTo((long) DEVICES * EACH);
            assertThat(resizes).hasValueGreaterThan(10);
            rig.awaitBalance();
        }
    }

    @Test
    void resize_toOne_letsOneWorkAtATime() throws Exception {
        try (var rig = rig(Overflow.BLOCK).start()) {
            sendAll(rig);
            rig.flow().resize("p", 1, "little to do");
            rig.flush();
            most.set(0);
            sendAll(rig);
            rig.flush();
            assertThat(most).hasValue(1);
            assertThat(segment(rig)).returns(1, FlowState.SegmentState::workers);
            assertThat(segment(rig).resized())
                    .hasValueSatisfying(change -> assertThat(change)
                            .returns(2, FlowState.Resized::from)
                            .returns(1, FlowState.Resized::to)
                            .returns("little to do", FlowState.Resized::why));
        }
    }

    @Test
    void resize_withDropOldest_balances() throws Exception {
        try (var rig = rig(Overflow.DROP_OLDEST).start()) {
            for (int workers = 8; workers > 0; workers--) {
                rig.flow().resize("p", workers, "a test");
                send(rig, 0, DEVICES);
            }
            rig.flush();
            rig.awaitBalance();
            assertThat(rig.line("p").accepted()).isEqualTo(8L * DEVICES * EACH);
        }
    }

    @Test
    void worker_thatHangsWithTheOnlyPlace_givesItToItsSuccessor() throws Exception {
        var never = new CountDownLatch(1);
        var rig = new FlowRig().sink("out", out);
        rig.vigilance = new Vigilance(Duration.ofMillis(50), Duration.ofMillis(50), Backoff.none());
        var draft = rig.draft("p").stage("hang", (reading, _) -> {
            while (reading.whole(0) == 13 && never.getCount() > 0) {
                LockSupport.parkNanos(1_000_000);
            }
            return Verdict.PASS;
        });
        draft.workforce = Workforce.adaptive(2, 256, Overflow.BLOCK);
        rig.add(draft);
        try (rig) {
            rig.start();
            rig.flow().resize("p", 1, "a test");
            for (int n = 0; n < 30; n++) {
                rig.send("a", String.valueOf(n));
                rig.send("b", String.valueOf(n + 100));
            }
            rig.flush();
            assertThat(out.numbers("a")).hasSize(29).doesNotContain(13L).isSorted();
            assertThat(out.numbers("b")).hasSize(30).isSorted();
            never.countDown();
        }
    }

    @Test
    void resize_ofAFixedNumber_isRefused() throws Exception {
        var rig = new FlowRig().sink("out", out);
        try (rig) {
            rig.add(rig.draft("p").workers(4, 64, Overflow.BLOCK)).start();
            assertThatThrownBy(() -> rig.flow().resize("p", 2, "a test"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'p'");
        }
    }
}
