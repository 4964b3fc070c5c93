package dev.weir.planted;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.runtime.CancelledException;
import dev.weir.runtime.Context;
import dev.weir.runtime.Gather;
import dev.weir.runtime.Group;
import dev.weir.runtime.Outcome;
import dev.weir.runtime.Rate;
import dev.weir.runtime.RateLimiter;
import dev.weir.runtime.Singleflight;
import dev.weir.runtime.WaitGroup;
import dev.weir.runtime.WeightedSemaphore;
import dev.weir.runtime.junit.Bubble;
import dev.weir.runtime.junit.Interleaved;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Contexts, limits and groups, rewritten: their threads are switched between any two accesses to
/// their fields, also while they hold their locks.
@Timeout(60)
final class LimitsUnderSchedulesTest {
    private static final String RUNTIME = "dev.weir.runtime";

    @Interleaved(schedules = 300, rewrite = RUNTIME)
    @Test
    void semaphore_releaseBesideCancelAndInterrupt_losesNoPermit() throws Exception {
        var semaphore = WeightedSemaphore.of(2);
        semaphore.acquire(2);
        var context = Context.background().withCancel();
        var interrupted = new AtomicReference<Thread>();
        Threads.run(
                () -> acquireAndRelease(semaphore, 2, context),
                () -> {
                    interrupted.set(Thread.currentThread());
                    acquireAndRelease(semaphore, 1, Context.background());
                },
                () -> acquireAndRelease(semaphore, 1, Context.background()),
                () -> {
                    context.cancel();
                    var thread = interrupted.get();
                    if (thread != null) {
                        thread.interrupt();
                    }
                },
                () -> semaphore.release(2));
        assertThat(semaphore.available()).isEqualTo(2);
    }

    private static void acquireAndRelease(WeightedSemaphore semaphore, int permits, Context context) {
        try {
            semaphore.acquire(permits, context);
        } catch (CancelledException | InterruptedException e) {
            return;
        }
        semaphore.release(permits);
    }

    @Interleaved(schedules = 300, rewrite = RUNTIME)
    @Test
    void semaphore_timeoutBesideRelease_losesNoPermit() throws Exception {
        var semaphore = WeightedSemaphore.of(1);
        semaphore.acquire(1);
        var served = new AtomicInteger();
        Threads.run(
                () -> {
                    if (semaphore.tryAcquire(1, Duration.ofSeconds(1))) {
                        served.incrementAndGet();
                    }
                },
                () -> {
                    Bubble.sleep(Duration.ofSeconds(1));
                    semaphore.release(1);
                });
        assertThat(semaphore.available()).isEqualTo(1 - served.get());
    }

    @Interleaved(schedules = 300, rewrite = RUNTIME)
    @Test
    @SuppressWarnings("ThreadPriorityCheck") // polls
    void interrupting_endOfBodyBesideCancel_leavesNoInterrupt() throws Exception {
        var context = Context.background().withCancel();
        var stray = new AtomicInteger();
        Threads.run(
                () -> {
                    try {
                        context.interrupting(() -> {
                            while (!context.isDone()) {
                                Thread.yield();
                            }
                        });
                    } catch (CancelledException e) {
                        // as it may
                    }
                    stray.addAndGet(Thread.interrupted() ? 1 : 0);
                    try {
                        Bubble.sleep(Duration.ofSeconds(1)); // whatever is late comes now
                    } catch (InterruptedException e) {
                        stray.incrementAndGet();
                    }
                },
                context::cancel);
        assertThat(stray.get()).isZero();
    }

    @Interleaved(schedules = 300, rewrite = RUNTIME)
    @Test
    void interrupting_nestedWithBothContextsEnding_endsBothBodies() throws Exception {
        var outer = Context.background().withCancel();
        var inner = Context.background().withCancel();
        var ended = new AtomicInteger();
        Threads.run(
                () -> {
                    try {
                        outer.interrupting(() -> {
                            try {
                                inner.interrupting(() -> Context.background().await());
                            } catch (CancelledException e) {
                                ended.incrementAndGet();
                            }
                            Context.background().await(); // for the outer context only
                        });
                    } catch (CancelledException e) {
                        ended.incrementAndGet();
                    }
                    ended.addAndGet(Thread.interrupted() ? 10 : 0);
                },
                inner::cancel,
                outer::cancel);
        assertThat(ended.get()).isBetween(1, 2);
    }

    @Interleaved(schedules = 300, rewrite = RUNTIME)
    @Test
    void linkedContext_bothEnd_hasOneCauseAndSeesItsParentsDone() throws Exception {
        var first = Context.background().withCancel();
        var second = Context.background().withCancel();
        var causes = new AtomicReference<Throwable>();
        Threads.run(
                () -> first.cancel(new IOException("first")), () -> second.cancel(new IOException("second")), () -> {
                    var linked = first.linkedTo(second);
                    linked.await();
                    causes.set(linked.cause().orElseThrow());
                    assertThat(first.isDone() || second.isDone()).isTrue();
                    assertThat(linked.withCancel().cause()).containsSame(causes.get());
                });
        assertThat(causes.get()).isInstanceOf(IOException.class);
    }

    @Interleaved(schedules = 300, rewrite = RUNTIME)
    @Test
    void foreignContext_endsBesideOurs_isUnlinkedOnce() throws Exception {
        var unlinked = new AtomicInteger();
        var parent = Context.background().withCancel();
        Threads.run(parent::cancel, () -> {
            var linked = parent.linkedTo(ours -> {
                Thread.ofVirtual().name("theirs").start(ours::cancel);
                return unlinked::incrementAndGet;
            });
            linked.await();
        });
        Bubble.settle();
        assertThat(unlinked.get()).isEqualTo(1);
    }

    @Interleaved(schedules = 300, rewrite = RUNTIME)
    @Test
    void singleflight_callerLeaves_theOthersGetAValue() throws Exception {
        var flights = Singleflight.<String, Integer>of("call");
        var leaving = Context.background().withCancel();
        var calls = new AtomicInteger();
        var values = new AtomicInteger();
        Singleflight.Load<Integer> load = context -> {
            Bubble.sleep(Duration.ofSeconds(1));
            context.throwIfDone();
            calls.incrementAndGet();
            return 1;
        };
        Threads.run(
                () -> {
                    try {
                        flights.call(leaving, "key", load);
                    } catch (CancelledException e) {
                        // as it may
                    }
                },
                () -> values.addAndGet(flights.call("key", load)),
                () -> values.addAndGet(flights.call(Context.background(), "key", load)),
                leaving::cancel);
        assertThat(values.get()).isEqualTo(2);
        assertThat(calls.get()).isBetween(1, 3);
        assertThat(flights.underWay()).isZero();
    }

    @Interleaved(schedules = 300, rewrite = RUNTIME)
    @Test
    void waitGroup_usedAgainAtOnce_releasesEveryWaiter() throws Exception {
        var group = WaitGroup.of("tasks");
        var released = new AtomicInteger();
        group.add(1);
        Threads.run(
                () -> {
                    group.await();
                    released.incrementAndGet();
                },
                () -> {
                    group.await();
                    released.incrementAndGet();
                },
                () -> {
                    group.done();
                    group.add(1);
                    group.done();
                });
        assertThat(released.get()).isEqualTo(2);
    }

    @Interleaved(schedules = 300, rewrite = RUNTIME)
    @Test
    void group_atItsLimitWithAFailure_startsNothingAfterIt() throws Exception {
        try (var group = Group.of(Context.background(), "task").limit(1)) {
            var later = new AtomicInteger();
            group.go(() -> {
                throw new IOException("disk");
            });
            try {
                group.go(group.context(), later::incrementAndGet);
                throw new AssertionError("the failure comes before its slot is free");
            } catch (CancelledException e) {
                assertThat(e).hasRootCauseMessage("disk");
            }
            assertThat(later.get()).isZero();
        }
    }

    @Interleaved(schedules = 300, rewrite = RUNTIME)
    @Test
    void gather_keepsTheOrder() throws Exception {
        try (var gather = Gather.<Integer>of(Context.background(), "task").limit(2)) {
            for (int i = 0; i < 3; i++) {
                int number = i;
                gather.go(() -> number);
            }
            assertThat(gather.await())
                    .containsExactly(new Outcome.Success<>(0), new Outcome.Success<>(1), new Outcome.Success<>(2));
        }
    }

    @Interleaved(schedules = 300, rewrite = RUNTIME)
    @Test
    void limiter_usedByManyAtOneInstant_countsEachEvent() throws Exception {
        var limiter = RateLimiter.tokenBucket(Rate.perSecond(1), 2);
        var allowed = new AtomicInteger();
        Threads.run(
                () -> limiter.reserve(),
                () -> limiter.reserve(2),
                () -> allowed.addAndGet(limiter.allow() ? 1 : 0),
                () -> allowed.addAndGet(limiter.allow() ? 1 : 0));
        assertThat(limiter.tokens()).isEqualTo(2 - 3 - allowed.get());
    }

    @Interleaved(schedules = 300, rewrite = RUNTIME)
    @Test
    void limiter_cancelledBesideOthers_givesBackNoMoreThanItTook() throws Exception {
        var limiter = RateLimiter.tokenBucket(Rate.perSecond(1), 1);
        Threads.run(
                () -> limiter.reserve().orElseThrow().cancel(),
                () -> limiter.reserve().orElseThrow().cancel(),
                () -> limiter.reserve());
        assertThat(limiter.tokens()).isBetween(-2.0, 0.0);
    }
}
