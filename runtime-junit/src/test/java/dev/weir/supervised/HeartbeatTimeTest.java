package dev.weir.supervised;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.runtime.Channel;
import dev.weir.runtime.Context;
import dev.weir.runtime.Select;
import dev.weir.runtime.junit.Bubble;
import dev.weir.runtime.junit.VirtualTime;
import dev.weir.runtime.supervise.Backoff;
import dev.weir.runtime.supervise.Child;
import dev.weir.runtime.supervise.ChildContext;
import dev.weir.runtime.supervise.ChildState.Phase;
import dev.weir.runtime.supervise.HungException;
import dev.weir.runtime.supervise.Supervisor;
import dev.weir.runtime.supervise.SupervisorEvent.Abandoned;
import dev.weir.runtime.supervise.SupervisorEvent.GaveUp;
import dev.weir.runtime.supervise.SupervisorEvent.Hung;
import dev.weir.runtime.supervise.SupervisorEvent.Restarted;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// When a child counts as hung, and what follows.
@VirtualTime
final class HeartbeatTimeTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    /// What children wait for that shall not end: opened at the end, since a bubble leaves no
    /// threads.
    private final Channel<Integer> never = Channel.unbuffered();

    private Recorded events;

    private Supervisor supervising(Child child) {
        events = new Recorded();
        var supervisor = Supervisor.named("s")
                .listener(events)
                .backoff(Backoff.constant(SECOND))
                .child(child.heartbeat(SECOND).grace(SECOND.multipliedBy(2)))
                .build();
        supervisor.start(Context.background());
        return supervisor;
    }

    @Test
    void heartbeat_threeMissed_samplesCancelsAndRestarts() throws Exception {
        var supervisor = supervising(Child.named("stuck", child -> {
            if (child.restarts() == 0) {
                never.receive(child.context());
            }
            while (true) {
                child.beat();
                Bubble.sleep(Duration.ofMillis(500));
            }
        }));
        Bubble.sleep(Duration.ofMillis(2500));
        assertThat(supervisor.children().getFirst().missedHeartbeats()).isEqualTo(2);
        Bubble.sleep(Duration.ofSeconds(10));
        assertThat(events.millisOf(Hung.class)).containsExactly(3000L);
        // It ends at once when it is cancelled, and rests for a second.
        assertThat(events.millisOf(Restarted.class)).containsExactly(4000L);
        HungException hang = events.of(Hung.class).getFirst().hang();
        assertThat(hang.kind()).isEqualTo(HungException.Kind.STUCK);
        assertThat(hang.threadState()).isEqualTo(Thread.State.WAITING);
        assertThat(hang.where()).startsWith("select over [Channel#");
        assertThat(hang.getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals(getClass().getName()));
        var state = supervisor.children().getFirst();
        assertThat(state.unexpectedFailures()).isEqualTo(1);
        assertThat(state.expectedFailures())
                .as("its end after it was cancelled")
                .isEqualTo(1);
        assertThat(state.lastFailure().orElseThrow().thrown()).isSameAs(hang);
        supervisor.restart("stuck");
        Bubble.sleep(SECOND.multipliedBy(10));
        supervisor.stop();
    }

    @Test
    void heartbeat_whileTheChildRests_isNotMissedBeforeItsNextBeat() throws Exception {
        var supervisor = supervising(Child.named("resting", child -> {
            if (child.restarts() == 0) {
                ChildContext.current().orElseThrow().rest();
                Bubble.sleep(Duration.ofMinutes(5));
                child.beat();
            }
            never.receive(child.context());
        }));
        Bubble.sleep(Duration.ofMinutes(5));
        assertThat(events.of(Hung.class)).isEmpty();
        Bubble.sleep(Duration.ofSeconds(5));
        assertThat(events.of(Hung.class)).hasSize(1);
        never.close();
        supervisor.stop();
    }

    @Test
    void heartbeat_ofChildThatBeats_isNeverMissed() throws Exception {
        var supervisor = supervising(Child.named("well", child -> {
            while (!child.context().isDone()) {
                child.beat();
                Bubble.sleep(Duration.ofMillis(2900)); // two misses at most
            }
        }));
        Bubble.sleep(Duration.ofMinutes(5));
        assertThat(events.of(Hung.class)).isEmpty();
        supervisor.stop();
    }

    @Test
    void watch_ofChannelThatMoves_isASignOfLife() throws Exception {
        var work = Channel.<Integer>bounded(8);
        var supervisor = supervising(Child.named("worker", child -> {
            child.watch(work);
            while (true) {
                work.receive(child.context());
                Bubble.sleep(Duration.ofMillis(700));
            }
        }));
        for (int i = 0; i < 100; i++) {
            work.send(i);
        }
        assertThat(events.of(Hung.class)).isEmpty();
        supervisor.stop();
    }

    @Test
    void watch_ofChannelThatIsEmpty_meansIdleAndNotHung() throws Exception {
        var work = Channel.<Integer>bounded(8);
        var other = Channel.<Integer>unbuffered();
        var supervisor = supervising(Child.named("worker", child -> {
            child.watch(work);
            if (child.restarts() == 0) {
                work.receive(child.context());
            }
            Select.select(
                    Select.receive(work, n -> n), Select.receive(other, n -> n), Select.done(child.context(), () -> 0));
        }));
        Bubble.sleep(Duration.ofMinutes(1));
        work.send(1); // on to the select, which waits for two
        Bubble.sleep(Duration.ofMinutes(1));
        assertThat(events.of(Hung.class)).isEmpty();
        assertThat(supervisor.children().getFirst().phase()).isEqualTo(Phase.RUNNING);
        supervisor.stop();
    }

    @Test
    void watch_ofChannelThatNobodyEmpties_blamesTheReceiverOnly() throws Exception {
        var between = Channel.<Integer>bounded(1);
        events = new Recorded();
        var supervisor = Supervisor.named("s")
                .listener(events)
                .child(Child.named("producer", child -> {
                            child.watch((dev.weir.runtime.SendChannel<Integer>) between);
                            for (int i = 0; ; i++) {
                                between.send(i, child.context());
                            }
                        })
                        .heartbeat(SECOND))
                .child(Child.named("consumer", child -> {
                            child.watch((dev.weir.runtime.ReceiveChannel<Integer>) between);
                            between.receive();
                            never.receive(child.context());
                        })
                        .heartbeat(SECOND))
                .build();
        supervisor.start(Context.background());
        Bubble.sleep(Duration.ofSeconds(30));
        assertThat(events.of(Hung.class))
                .isNotEmpty()
                .allMatch(hung -> hung.child().equals("consumer"));
        supervisor.stop();
    }

    @Test
    void hung_deafToItsContext_isInterruptedAfterTheGrace() throws Exception {
        var supervisor = supervising(Child.named("deaf", child -> {
            if (child.restarts() == 0) {
                never.receive();
            }
            child.context().await();
        }));
        Bubble.sleep(Duration.ofMillis(5500));
        // Hung at 3 s, interrupted at 5 s; it was cancelled first, so this is no further failure.
        assertThat(events.of(Abandoned.class)).isEmpty();
        assertThat(supervisor.children().getFirst().unexpectedFailures()).isEqualTo(1);
        assertThat(events.millisOf(Restarted.class)).containsExactly(5000L);
        supervisor.stop();
    }

    @Test
    void hung_deafToInterrupts_isAbandonedAndListedUntilItEnds() throws Exception {
        var supervisor = supervising(Child.named("deaf", child -> {
            if (child.restarts() == 0) {
                receiveWhateverHappens();
                return;
            }
            while (true) {
                child.beat();
                Bubble.sleep(Duration.ofMillis(500));
            }
        }));
        Bubble.sleep(Duration.ofMillis(6990));
        assertThat(supervisor.children().getFirst().phase()).isEqualTo(Phase.HUNG);
        Bubble.sleep(Duration.ofMillis(110));
        // Hung at 3 s, interrupted at 5 s, abandoned at 7 s; its rest is over by then.
        assertThat(events.millisOf(Abandoned.class)).containsExactly(7000L);
        assertThat(events.millisOf(Restarted.class)).containsExactly(7000L);
        assertThat(events.of(Abandoned.class).getFirst().waited()).isEqualTo(Duration.ofSeconds(4));
        assertThat(supervisor.children().getFirst().abandoned()).containsExactly("s/deaf (abandoned)");
        never.send(1);
        Bubble.settle();
        var state = supervisor.children().getFirst();
        assertThat(state.abandoned()).isEmpty();
        assertThat(state.abandonedInAll()).isEqualTo(1);
        assertThat(state.phase()).isEqualTo(Phase.RUNNING);
        assertThat(supervisor.stop().isClean()).isTrue();
    }

    @Test
    void hung_tooManyAbandoned_getsNoSuccessor() throws Exception {
        var supervisor = supervising(
                Child.named("deaf", child -> receiveWhateverHappens()).maxAbandoned(2));
        Bubble.sleep(Duration.ofMinutes(5));
        assertThat(events.millisOf(Abandoned.class)).containsExactly(7000L, 14_000L);
        assertThat(events.of(GaveUp.class)).hasSize(1);
        assertThat(events.of(GaveUp.class).getFirst().why()).contains("2 of its threads are abandoned");
        var state = supervisor.children().getFirst();
        assertThat(state.phase()).isEqualTo(Phase.FAILED);
        assertThat(state.restarts()).isEqualTo(1);
        assertThat(supervisor.failure()).isEmpty();
        var report = supervisor.stop();
        assertThat(report.left()).hasSize(2);
        never.close();
    }

    @Test
    void freshStart_ofOneThatWorksAgain_runsAndIsFailedNoMore() throws Exception {
        var supervisor = supervising(Child.named("deaf", child -> {
                    if (child.restarts() < 2) {
                        receiveWhateverHappens();
                        return;
                    }
                    while (true) {
                        child.beat();
                        Bubble.sleep(Duration.ofMillis(500));
                    }
                })
                .maxAbandoned(2)
                .freshStart(Duration.ofMinutes(1)));
        Bubble.sleep(Duration.ofSeconds(20));
        var failed = supervisor.children().getFirst();
        assertThat(failed.phase()).isEqualTo(Phase.FAILED);
        assertThat(failed.again()).hasValue(failed.since().plus(Duration.ofMinutes(1)));
        assertThat(events.of(GaveUp.class).getFirst().freshStart()).hasValue(Duration.ofMinutes(1));
        Bubble.sleep(Duration.ofMinutes(5));
        assertThat(events.millisOf(Restarted.class)).containsExactly(7000L, 74_000L);
        var state = supervisor.children().getFirst();
        assertThat(state.phase()).isEqualTo(Phase.RUNNING);
        assertThat(state.again()).isEmpty();
        assertThat(supervisor.stop().left()).hasSize(2);
        never.close();
    }

    @Test
    void freshStart_ofOneThatHangsAgain_costsAThreadEachUntilThereAreThreeTimesTheBound() throws Exception {
        var supervisor = supervising(Child.named("deaf", child -> receiveWhateverHappens())
                .maxAbandoned(2)
                .freshStart(Duration.ofMinutes(1)));
        Bubble.sleep(Duration.ofMinutes(10));
        assertThat(events.millisOf(Abandoned.class))
                .containsExactly(7000L, 14_000L, 81_000L, 148_000L, 215_000L, 282_000L);
        assertThat(events.of(GaveUp.class)).hasSize(5);
        assertThat(supervisor.children().getFirst().phase()).isEqualTo(Phase.FAILED);
        // One of the old threads ends, so there is room for another try when the next rest is over.
        never.send(1);
        Bubble.sleep(Duration.ofMinutes(1));
        assertThat(events.of(Abandoned.class)).hasSize(7);
        assertThat(supervisor.stop().left()).hasSize(6);
        never.close();
    }

    private void receiveWhateverHappens() {
        while (true) {
            try {
                never.receive();
                return;
            } catch (InterruptedException e) {
                // that is the point
            } catch (dev.weir.runtime.ReceiveOnClosedException e) {
                return;
            }
        }
    }
}
