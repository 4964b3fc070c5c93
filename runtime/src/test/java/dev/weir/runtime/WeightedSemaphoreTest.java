package dev.weir.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
@SuppressWarnings("ThreadPriorityCheck") // lets the others run
final class WeightedSemaphoreTest {

    /// One that holds all its permits.
    private static WeightedSemaphore taken(long size) throws InterruptedException {
        var semaphore = WeightedSemaphore.of(size);
        semaphore.acquire(size);
        return semaphore;
    }

    private static Running<Boolean> acquiring(WeightedSemaphore semaphore, long permits) {
        return Running.run(() -> semaphore.acquire(permits)).parked();
    }

    @Test
    void tryAcquire_takesWhatIsFree() {
        var semaphore = WeightedSemaphore.of(2);
        assertThat(semaphore.tryAcquire(1)).isTrue();
        assertThat(semaphore.tryAcquire(2)).isFalse();
        assertThat(semaphore.tryAcquire(1)).isTrue();
        assertThat(semaphore.tryAcquire(1)).isFalse();
        semaphore.release(2);
        assertThat(semaphore.tryAcquire(2)).isTrue();
        assertThat(semaphore.available()).isZero();
        assertThat(semaphore.size()).isEqualTo(2);
    }

    @Test
    void acquireAndTryAcquire_inTurn_seeEachOther() throws Exception {
        var semaphore = WeightedSemaphore.of(2);
        semaphore.acquire(1);
        assertThat(semaphore.tryAcquire(1)).isTrue();
        semaphore.release(1);
        semaphore.acquire(1);
        assertThat(semaphore.tryAcquire(1)).isFalse();
    }

    @Test
    void acquireOfNothing_always_succeedsWhenNobodyWaits() throws Exception {
        var semaphore = taken(1);
        semaphore.acquire(0);
        assertThat(semaphore.tryAcquire(0)).isTrue();
        semaphore.release(0);
        assertThat(WeightedSemaphore.of(0).tryAcquire(0)).isTrue();
    }

    @Test
    void acquire_waiting_isServedInTheOrderOfArrival() throws Exception {
        var semaphore = taken(1);
        Channel<Integer> order = Channel.bounded(10);
        var waiting = new ArrayList<Running<Boolean>>();
        for (int i = 0; i < 10; i++) {
            int number = i;
            waiting.add(Running.run(() -> {
                        semaphore.acquire(1);
                        order.send(number);
                        semaphore.release(1);
                    })
                    .parked());
        }
        semaphore.release(1);
        for (int i = 0; i < 10; i++) {
            assertThat(order.receive()).isEqualTo(i);
        }
        for (var one : waiting) {
            one.result();
        }
        assertThat(semaphore.available()).isEqualTo(1);
    }

    @Test
    void smallRequest_behindABigOne_doesNotOvertake() throws Exception {
        var semaphore = taken(3);
        var big = acquiring(semaphore, 3);
        var small = acquiring(semaphore, 1);
        semaphore.release(2);
        assertThat(semaphore.available()).isEqualTo(2);
        assertThat(semaphore.tryAcquire(1)).isFalse();
        assertThat(big.isDone() || small.isDone()).isFalse();
        semaphore.release(1);
        big.result();
        assertThat(small.isDone()).isFalse();
        semaphore.release(1);
        small.result();
    }

    @Test
    void release_ofMany_servesAllForWhomThereAreEnough() throws Exception {
        var semaphore = taken(6);
        var first = acquiring(semaphore, 2);
        var second = acquiring(semaphore, 3);
        var third = acquiring(semaphore, 2);
        semaphore.release(6);
        first.result();
        second.result();
        assertThat(third.isDone()).isFalse();
        assertThat(semaphore.available()).isEqualTo(1);
        semaphore.release(1);
        third.result();
    }

    @Test
    void bigRequest_amongManySmallOnes_isNotStarved() throws Exception {
        int size = 8;
        var semaphore = WeightedSemaphore.of(size);
        var stop = new AtomicBoolean();
        var small = new ArrayList<Running<Boolean>>();
        for (int i = 0; i < size; i++) {
            small.add(Running.run(() -> {
                while (!stop.get()) {
                    semaphore.acquire(1);
                    Thread.yield();
                    semaphore.release(1);
                }
            }));
        }
        for (int i = 0; i < 20; i++) {
            semaphore.acquire(size);
            semaphore.release(size);
        }
        stop.set(true);
        for (var one : small) {
            one.result();
        }
    }

    @Test
    void release_ofMoreThanIsHeld_throwsWithTheNumbersAndChangesNothing() {
        var semaphore = WeightedSemaphore.of(10);
        assertThat(semaphore.tryAcquire(2)).isTrue();
        assertThatThrownBy(() -> semaphore.release(3))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("release of 3 permits, but only 2 of 10 are held");
        assertThat(semaphore.available()).isEqualTo(8);
    }

    @Test
    void negativeNumbers_areRefused() {
        var semaphore = WeightedSemaphore.of(1);
        assertThatThrownBy(() -> WeightedSemaphore.of(-1)).hasMessageContaining("-1");
        assertThatThrownBy(() -> semaphore.acquire(-2)).hasMessageContaining("-2");
        assertThatThrownBy(() -> semaphore.tryAcquire(-3)).hasMessageContaining("-3");
        assertThatThrownBy(() -> semaphore.release(-4)).hasMessageContaining("-4");
        assertThat(semaphore.available()).isEqualTo(1);
    }

    @Test
    void acquire_ofMoreThanThereIs_endsWithItsContextAndKeepsNobodyWaiting() throws Exception {
        var semaphore = WeightedSemaphore.of(2);
        var context = Context.background().withCancel();
        var tooBig = Running.run(() -> semaphore.acquire(3, context)).parked();
        assertThat(semaphore.tryAcquire(2)).isTrue();
        semaphore.release(2);
        assertThat(tooBig.isDone()).isFalse();
        var why = new IOException("x");
        context.cancel(why);
        assertThatThrownBy(tooBig::result)
                .isInstanceOf(CancelledException.class)
                .hasCause(why);
    }

    @Test
    void acquire_ofMoreThanThereIs_endsWithInterruption() {
        var tooBig = acquiring(WeightedSemaphore.of(2), 3);
        tooBig.thread().interrupt();
        assertThatThrownBy(tooBig::result).isInstanceOf(InterruptedException.class);
    }

    @Test
    void acquire_withDoneContext_failsAlthoughPermitsAreFree() {
        var semaphore = WeightedSemaphore.of(1);
        var context = Context.background().withTimeout(Duration.ZERO);
        assertThatThrownBy(() -> semaphore.acquire(1, context)).isInstanceOf(DeadlineExceededException.class);
        assertThat(semaphore.available()).isEqualTo(1);
    }

    @Test
    void acquire_contextEndsWhileItWaits_takesNothing() throws Exception {
        var semaphore = taken(1);
        var context = Context.background().withCancel();
        var waiting = Running.run(() -> semaphore.acquire(1, context.withValue(Key.of("x"), "y")))
                .parked();
        context.cancel();
        assertThatThrownBy(waiting::result).isInstanceOf(CancelledException.class);
        semaphore.release(1);
        assertThat(semaphore.available()).isEqualTo(1);
        assertThat(((CancelNode) context).dependentCount()).isZero();
    }

    @Test
    void acquire_granted_isForgottenByItsContext() throws Exception {
        var semaphore = taken(1);
        var context = Context.background().withCancel();
        var waiting = Running.run(() -> semaphore.acquire(1, context)).parked();
        semaphore.release(1);
        waiting.result();
        assertThat(((CancelNode) context).dependentCount()).isZero();
        context.cancel();
    }

    @Test
    void frontWaiter_cancelled_letsItsSuccessorsOn() throws Exception {
        var semaphore = taken(2);
        var context = Context.background().withCancel();
        var big = Running.run(() -> semaphore.acquire(2, context)).parked();
        var small = acquiring(semaphore, 1);
        semaphore.release(1);
        assertThat(small.isDone()).isFalse();
        context.cancel();
        assertThatThrownBy(big::result).isInstanceOf(CancelledException.class);
        small.result();
    }

    @Test
    void frontWaiter_interrupted_letsItsSuccessorsOn() throws Exception {
        var semaphore = taken(2);
        var big = acquiring(semaphore, 2);
        var small = acquiring(semaphore, 1);
        semaphore.release(1);
        big.thread().interrupt();
        assertThatThrownBy(big::result).isInstanceOf(InterruptedException.class);
        small.result();
    }

    @Test
    void middleWaiter_interrupted_leavesTheOthersInOrder() throws Exception {
        var semaphore = taken(1);
        var first = acquiring(semaphore, 1);
        var second = acquiring(semaphore, 1);
        var third = acquiring(semaphore, 1);
        second.thread().interrupt();
        assertThatThrownBy(second::result).isInstanceOf(InterruptedException.class);
        semaphore.release(1);
        first.result();
        assertThat(third.isDone()).isFalse();
        semaphore.release(1);
        third.result();
    }

    @Test
    void grantAndCancelTogether_permitsAreHeldOrGivenBack() throws Exception {
        for (int round = 0; round < 1_000; round++) {
            var semaphore = taken(1);
            var context = Context.background().withCancel();
            var waiting = Running.run(() -> semaphore.acquire(1, context));
            var cancelling = Running.run(context::cancel);
            semaphore.release(1);
            boolean granted = true;
            try {
                waiting.result();
            } catch (CancelledException e) {
                granted = false;
            }
            cancelling.result();
            assertThat(semaphore.available()).isEqualTo(granted ? 0 : 1);
        }
    }

    @Test
    void grantThenCancel_beforeTheWaiterRuns_givesBackAndThrows() throws Exception {
        var scheduler = Scheduler.of("one", 1);
        assumeTrue(scheduler.isOwn(), "with one processor, the order is known");
        var semaphore = taken(1);
        var context = Context.background().withCancel();
        var outcome = Channel.<String>bounded(1);
        var waiting = scheduler.start("waiting", () -> {
            try {
                semaphore.acquire(1, context);
                outcome.trySend("acquired");
            } catch (InterruptedException | CancelledException e) {
                outcome.trySend(e.getClass().getSimpleName());
            }
        });
        Running.until(() -> waiting.getState() == Thread.State.WAITING);
        scheduler.start("granting", () -> {
            semaphore.release(1);
            context.cancel();
        });
        assertThat(outcome.receive()).isEqualTo("CancelledException");
        assertThat(semaphore.available()).isEqualTo(1);
    }

    @Test
    void tryAcquire_withTimeout_givesUpOrIsServed() throws Exception {
        var semaphore = taken(1);
        assertThat(semaphore.tryAcquire(1, Duration.ofMillis(1))).isFalse();
        assertThat(semaphore.tryAcquire(1, Duration.ZERO)).isFalse();
        assertThat(semaphore.tryAcquire(1, Duration.ofDays(-1))).isFalse();
        var waiting =
                Running.call(() -> semaphore.tryAcquire(1, Duration.ofDays(1))).parkedWithTimeout();
        semaphore.release(1);
        assertThat(waiting.result()).isTrue();
    }

    @Test
    void acquire_onPlatformThread_waitsToo() throws Exception {
        var semaphore = taken(1);
        var waiting = Running.callOnPlatform(() -> {
                    semaphore.acquire(1);
                    return true;
                })
                .parked();
        semaphore.release(1);
        assertThat(waiting.result()).isTrue();
    }

    @Test
    void acquire_waiting_isBlockedOnTheSemaphore() throws Exception {
        var semaphore = taken(1);
        var waiting = Running.callOnPlatform(() -> {
                    semaphore.acquire(1);
                    return true;
                })
                .parked();
        assertThat(java.util.concurrent.locks.LockSupport.getBlocker(waiting.thread()))
                .isSameAs(semaphore)
                .hasToString("WeightedSemaphore(1 of 1 held, 1 waiting)");
        semaphore.release(1);
        waiting.result();
    }

    @Test
    void manyThreads_withRandomWeightsCancelsAndInterrupts_neverHoldTooMuchAndGiveAllBack() throws Exception {
        long seed = System.nanoTime();
        System.out.println("WeightedSemaphoreTest seed " + seed);
        int size = 7;
        var semaphore = WeightedSemaphore.of(size);
        var held = new AtomicLong();
        var served = new AtomicInteger();
        var running = new ArrayList<Running<Boolean>>();
        for (int i = 0; i < 8; i++) {
            var random = new Random(seed + i);
            running.add(Running.run(() -> hammer(semaphore, random, size, held, served)));
        }
        var random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            running.get(random.nextInt(running.size())).thread().interrupt();
            Thread.yield();
        }
        for (var one : running) {
            one.result();
        }
        assertThat(semaphore.available()).isEqualTo(size);
        assertThat(served).hasPositiveValue();
    }

    private static void hammer(
            WeightedSemaphore semaphore, Random random, int size, AtomicLong held, AtomicInteger served) {
        for (int i = 0; i < 2_000; i++) {
            int weight = random.nextInt(size + 1);
            try (var context = Context.background().withCancel()) {
                if (random.nextInt(10) == 0) {
                    Scheduler.shared().start("cancels", context::cancel);
                }
                semaphore.acquire(weight, context);
            } catch (ContextException | InterruptedException e) {
                continue;
            }
            assertThat(held.addAndGet(weight)).isLessThanOrEqualTo(size);
            Thread.yield();
            held.addAndGet(-weight);
            semaphore.release(weight);
            served.incrementAndGet();
        }
    }
}
