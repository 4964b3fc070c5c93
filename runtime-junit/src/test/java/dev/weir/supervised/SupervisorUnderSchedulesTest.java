package dev.weir.supervised;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.runtime.Channel;
import dev.weir.runtime.Context;
import dev.weir.runtime.ReceiveOnClosedException;
import dev.weir.runtime.junit.Bubble;
import dev.weir.runtime.junit.Interleaved;
import dev.weir.runtime.supervise.Backoff;
import dev.weir.runtime.supervise.Child;
import dev.weir.runtime.supervise.ChildContext;
import dev.weir.runtime.supervise.ChildState;
import dev.weir.runtime.supervise.ChildState.Phase;
import dev.weir.runtime.supervise.Restart;
import dev.weir.runtime.supervise.Strategy;
import dev.weir.runtime.supervise.Supervisor;
import dev.weir.runtime.supervise.SupervisorBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Supervisors, rewritten so that their threads are switched at every access to a field.
@Timeout(60)
final class SupervisorUnderSchedulesTest {
    private static final String SUPERVISE = "dev.weir.runtime.supervise";
    private static final int SCHEDULES = 300;
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final List<String> finished = new ArrayList<>();
    private final Channel<Integer> release = Channel.unbuffered();

    private static SupervisorBuilder supervisor() {
        return Supervisor.named("s").listener(_ -> {}).backoff(Backoff.none());
    }

    private static void crash() {
        throw new IllegalStateException("on purpose");
    }

    @Interleaved(rewrite = SUPERVISE, schedules = SCHEDULES)
    @Test
    void stop_whileAChildFails_endsAllAndRestartsNothing() throws Exception {
        var starts = new AtomicInteger();
        var supervisor = supervisor()
                .intensity(2, SECOND)
                .child("bad", child -> {
                    starts.incrementAndGet();
                    crash();
                })
                .child(Child.named("good", child -> child.context().await()).level(1))
                .build();
        supervisor.start(Context.background());
        var report = supervisor.stop();
        int before = starts.get();
        Bubble.sleep(SECOND);
        assertThat(starts.get()).isEqualTo(before).isLessThanOrEqualTo(3);
        assertThat(report.isClean()).isTrue();
        assertThat(supervisor.children())
                .allMatch(child -> child.phase() == Phase.STOPPED
                        || (child.phase() == Phase.FAILED && child.name().equals("bad")));
    }

    @Interleaved(rewrite = SUPERVISE, schedules = SCHEDULES)
    @Test
    void abandon_whileTheChildEnds_leavesTheElementWithExactlyOne() throws Exception {
        var supervisor = supervisor()
                .child(Child.named("worker", this::work)
                        .heartbeat(SECOND)
                        .grace(SECOND)
                        .restart(Restart.ON_FAILURE))
                .build();
        supervisor.start(Context.background());
        // Hung at 3 s, interrupted at 4 s, abandoned at 5 s: the very moment at which it is released.
        Bubble.sleep(SECOND.multipliedBy(5));
        release.close();
        Bubble.sleep(SECOND.multipliedBy(2));
        synchronized (finished) {
            assertThat(finished).hasSize(1);
        }
        ChildState state = supervisor.children().getFirst();
        assertThat(state.abandoned()).isEmpty();
        assertThat(state.phase()).isIn(Phase.STOPPED, Phase.RUNNING);
        assertThat(supervisor.stop().left()).isEmpty();
    }

    private void work(ChildContext child) throws InterruptedException {
        var inFlight = child.inFlight(String.class);
        if (inFlight.handedOver().isPresent()) {
            finish("successor");
            inFlight.done();
            child.context().await();
            return;
        }
        if (child.restarts() > 0) {
            child.context().await();
            return;
        }
        inFlight.take("element");
        while (true) {
            try {
                release.receive();
            } catch (InterruptedException e) {
                // deaf
            } catch (ReceiveOnClosedException e) {
                if (inFlight.done()) {
                    finish("first");
                }
                return;
            }
        }
    }

    private void finish(String who) {
        synchronized (finished) {
            finished.add(who);
        }
    }

    @Interleaved(rewrite = SUPERVISE, schedules = SCHEDULES)
    @Test
    void restart_whileTheChildFails_leavesOneThatRuns() throws Exception {
        var running = new AtomicInteger();
        var most = new AtomicInteger();
        var supervisor = supervisor()
                .child("flaky", child -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    try {
                        if (child.restarts() == 0) {
                            crash();
                        }
                        child.context().await();
                    } finally {
                        running.decrementAndGet();
                    }
                })
                .build();
        supervisor.start(Context.background());
        supervisor.restart("flaky");
        Bubble.sleep(SECOND);
        assertThat(running.get()).isEqualTo(1);
        assertThat(supervisor.children().getFirst().phase()).isEqualTo(Phase.RUNNING);
        assertThat(supervisor.children().getFirst().restarts()).isBetween(1L, 2L);
        supervisor.stop();
        assertThat(most.get()).isEqualTo(1);
        assertThat(running.get()).isZero();
    }

    @Interleaved(rewrite = SUPERVISE, schedules = SCHEDULES)
    @Test
    void allForOne_twoFailAtOnce_restartsAllAndNeverTwice() throws Exception {
        var running = new AtomicInteger();
        var most = new AtomicInteger();
        Child.Task failing = child -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            try {
                if (child.restarts() == 0) {
                    crash();
                }
                child.context().await();
            } finally {
                running.decrementAndGet();
            }
        };
        var supervisor = supervisor()
                .strategy(Strategy.ALL_FOR_ONE)
                .child("a", failing)
                .child("b", failing)
                .build();
        supervisor.start(Context.background());
        Bubble.sleep(SECOND);
        assertThat(running.get()).isEqualTo(2);
        assertThat(most.get()).isLessThanOrEqualTo(2);
        assertThat(supervisor.children()).allMatch(child -> child.phase() == Phase.RUNNING);
        assertThat(supervisor.stop().isClean()).isTrue();
    }

    @Interleaved(rewrite = SUPERVISE, schedules = SCHEDULES)
    @Test
    void stop_byTwoAtOnce_letsBothKnow() throws Exception {
        var supervisor =
                supervisor().child("good", child -> child.context().await()).build();
        supervisor.start(Context.background());
        var other = Thread.ofVirtual().start(() -> {
            try {
                supervisor.stop();
                finish("other");
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        assertThat(supervisor.stop().isClean()).isTrue();
        other.join();
        assertThat(finished).containsExactly("other");
        supervisor.start(Context.background());
        assertThat(supervisor.stop().isClean()).isTrue();
    }
}
