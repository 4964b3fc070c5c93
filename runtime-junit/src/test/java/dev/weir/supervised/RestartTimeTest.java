package dev.weir.supervised;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.runtime.Context;
import dev.weir.runtime.junit.Bubble;
import dev.weir.runtime.junit.VirtualTime;
import dev.weir.runtime.supervise.Backoff;
import dev.weir.runtime.supervise.Child;
import dev.weir.runtime.supervise.ChildContext;
import dev.weir.runtime.supervise.ChildState.Phase;
import dev.weir.runtime.supervise.Restart;
import dev.weir.runtime.supervise.Strategy;
import dev.weir.runtime.supervise.Supervisor;
import dev.weir.runtime.supervise.SupervisorEvent.Failed;
import dev.weir.runtime.supervise.SupervisorEvent.GaveUp;
import dev.weir.runtime.supervise.SupervisorEvent.Restarted;
import dev.weir.runtime.supervise.SupervisorEvent.Started;
import dev.weir.runtime.supervise.SupervisorEvent.Stopped;
import dev.weir.runtime.supervise.SupervisorFailedException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// When children are restarted, and with whom: back-off, intensity, strategies.
@VirtualTime
final class RestartTimeTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Backoff DOUBLING = new Backoff(SECOND, 2, Duration.ofSeconds(8), 0, Duration.ofMinutes(1));

    private static void waitForEver(ChildContext child) throws InterruptedException {
        child.context().await();
    }

    private static void crash(ChildContext child) {
        throw new IllegalStateException("on purpose in " + child.name());
    }

    @Test
    void backoff_ofAChildThatFailsAtOnce_doublesUpToItsMaximum() throws Exception {
        var events = new Recorded();
        var supervisor = Supervisor.named("s")
                .listener(events)
                .backoff(DOUBLING)
                .child("bad", RestartTimeTest::crash)
                .build();
        supervisor.start(Context.background());
        Bubble.sleep(Duration.ofSeconds(32));
        assertThat(events.millisOf(Restarted.class)).containsExactly(1000L, 3000L, 7000L, 15_000L, 23_000L, 31_000L);
        assertThat(supervisor.children().getFirst().phase()).isEqualTo(Phase.BACKING_OFF);
        assertThat(supervisor.children().getFirst().unexpectedFailures()).isEqualTo(7);
        assertThat(supervisor.stop().isClean()).isTrue();
    }

    @Test
    void backoff_afterAHealthyTime_beginsAnew() throws Exception {
        var events = new Recorded();
        var supervisor = Supervisor.named("s")
                .listener(events)
                .backoff(new Backoff(SECOND, 10, Duration.ofMinutes(10), 0, Duration.ofSeconds(30)))
                .child("flaky", child -> {
                    // Bad at once, bad at once, good for 40 s, bad for ever.
                    if (child.restarts() == 2) {
                        Bubble.sleep(Duration.ofSeconds(40));
                    }
                    crash(child);
                })
                .build();
        supervisor.start(Context.background());
        Bubble.sleep(Duration.ofSeconds(60));
        // 1 s, then 10 s, then 40 s of health and 1 s again.
        assertThat(events.millisOf(Restarted.class)).containsExactly(1000L, 11_000L, 52_000L);
        Recorded.stop(supervisor);
    }

    @Test
    void backoff_withJitter_isShorterButNotLonger() throws Exception {
        var events = new Recorded();
        var supervisor = Supervisor.named("s")
                .listener(events)
                .backoff(new Backoff(SECOND, 1, SECOND, 0.5, Duration.ofMinutes(1)))
                .child("bad", RestartTimeTest::crash)
                .build();
        supervisor.start(Context.background());
        Bubble.sleep(Duration.ofSeconds(100));
        // Between 100 and 200 rests of half a second to a second.
        assertThat(events.of(Restarted.class)).hasSizeBetween(110, 190);
        Recorded.stop(supervisor);
    }

    @Test
    void intensity_oneRestartTooMany_stopsAllAndFails() throws Exception {
        var events = new Recorded();
        var supervisor = Supervisor.named("s")
                .listener(events)
                .backoff(Backoff.constant(SECOND))
                .intensity(3, Duration.ofSeconds(10))
                .child("good", RestartTimeTest::waitForEver)
                .child("bad", RestartTimeTest::crash)
                .build();
        supervisor.start(Context.background());
        assertThatThrownBy(supervisor::await)
                .isInstanceOf(SupervisorFailedException.class)
                .hasMessageContaining("at its child bad")
                .hasMessageContaining("more than 3 restarts in PT10S")
                .hasRootCauseMessage("on purpose in s/bad");
        assertThat(events.millisOf(GaveUp.class)).containsExactly(3000L);
        assertThat(supervisor.children())
                .extracting(child -> child.name() + " " + child.phase())
                .containsExactly("good STOPPED", "bad FAILED");
    }

    @Test
    void intensity_asManyAsAllowedInEveryPeriod_goesOn() throws Exception {
        var supervisor = Supervisor.named("s")
                .listener(new Recorded())
                .backoff(Backoff.constant(Duration.ofSeconds(4)))
                .intensity(3, Duration.ofSeconds(10))
                .child("bad", RestartTimeTest::crash)
                .build();
        supervisor.start(Context.background());
        Bubble.sleep(Duration.ofSeconds(598));
        assertThat(supervisor.failure()).isEmpty();
        assertThat(supervisor.children().getFirst().restarts()).isEqualTo(149);
        Recorded.stop(supervisor);
    }

    @Test
    void nested_thatGivesUp_isMadeAnewByItsParent() throws Exception {
        var events = new Recorded();
        var inner = Supervisor.named("inner")
                .listener(events)
                .backoff(Backoff.none())
                .intensity(2, SECOND)
                .child("good", RestartTimeTest::waitForEver)
                .child("bad", child -> {
                    Bubble.sleep(Duration.ofMillis(100));
                    crash(child);
                })
                .build();
        var outer = Supervisor.named("outer")
                .listener(events)
                .backoff(Backoff.constant(SECOND))
                .child(Child.of(inner))
                .build();
        outer.start(Context.background());
        Bubble.sleep(Duration.ofMillis(1350));
        assertThat(events.order(Failed.class, GaveUp.class))
                .containsExactly("Failed bad", "Failed bad", "Failed bad", "GaveUp bad", "Failed inner");
        assertThat(events.order(Started.class))
                .containsExactly("Started inner", "Started good", "Started bad", "Started good", "Started bad");
        var state = outer.children().getFirst();
        assertThat(state.restarts()).isEqualTo(1);
        assertThat(state.children())
                .extracting(child -> child.name() + " " + child.phase())
                .containsExactly("good RUNNING", "bad RUNNING");
        assertThat(outer.stop().isClean()).isTrue();
        assertThat(inner.children()).extracting(child -> child.phase()).containsOnly(Phase.STOPPED);
    }

    @Test
    void allForOne_oneFails_restartsAllInTheirOrderWhenTheLastHasEnded() throws Exception {
        var events = new Recorded();
        var supervisor = threeOfWhichTheSecondFails(Strategy.ALL_FOR_ONE, events);
        assertThat(events.order(Restarted.class)).containsExactly("Restarted a", "Restarted b", "Restarted c");
        // b fails at 1 s; a takes 3 s to end, which is more than b's rest.
        assertThat(events.millisOf(Restarted.class)).containsExactly(4000L, 4000L, 4000L);
        Recorded.stop(supervisor);
    }

    @Test
    void restForOne_oneFails_restartsItAndThoseBehind() throws Exception {
        var events = new Recorded();
        var supervisor = threeOfWhichTheSecondFails(Strategy.REST_FOR_ONE, events);
        assertThat(events.order(Restarted.class)).containsExactly("Restarted b", "Restarted c");
        assertThat(events.millisOf(Restarted.class)).containsExactly(2000L, 2000L);
        Recorded.stop(supervisor);
    }

    @Test
    void oneForOne_oneFails_restartsOnlyThat() throws Exception {
        var events = new Recorded();
        var supervisor = threeOfWhichTheSecondFails(Strategy.ONE_FOR_ONE, events);
        assertThat(events.order(Restarted.class)).containsExactly("Restarted b");
        Recorded.stop(supervisor);
    }

    private static Supervisor threeOfWhichTheSecondFails(Strategy strategy, Recorded events) throws Exception {
        var supervisor = Supervisor.named("s")
                .strategy(strategy)
                .listener(events)
                .backoff(Backoff.constant(SECOND))
                .child("a", child -> {
                    waitForEver(child);
                    Bubble.sleep(Duration.ofSeconds(3));
                })
                .child("b", child -> {
                    if (child.restarts() == 0) {
                        Bubble.sleep(SECOND);
                        crash(child);
                    }
                    waitForEver(child);
                })
                .child("c", RestartTimeTest::waitForEver)
                .build();
        supervisor.start(Context.background());
        Bubble.sleep(Duration.ofSeconds(10));
        return supervisor;
    }

    @Test
    void restartRule_ofChildrenThatReturnOrThrow_decidesWhoComesBack() throws Exception {
        var events = new Recorded();
        var builder = Supervisor.named("s").listener(events).backoff(Backoff.constant(SECOND));
        for (Restart rule : Restart.values()) {
            builder.child(Child.named("returns " + rule, _ -> {}).restart(rule));
            builder.child(Child.named("throws " + rule, RestartTimeTest::crash).restart(rule));
        }
        var supervisor = builder.build();
        supervisor.start(Context.background());
        Bubble.sleep(Duration.ofMillis(1500));
        assertThat(events.of(Restarted.class))
                .extracting(Restarted::child)
                .containsExactlyInAnyOrder("returns ALWAYS", "throws ALWAYS", "throws ON_FAILURE");
        assertThat(events.of(Stopped.class))
                .extracting(Stopped::child)
                .containsExactlyInAnyOrder("returns ON_FAILURE", "returns NEVER", "throws NEVER");
        assertThat(supervisor.children())
                .filteredOn(child -> child.phase() == Phase.FAILED)
                .extracting(child -> child.name())
                .isEqualTo(List.of("throws NEVER"));
        Recorded.stop(supervisor);
    }

    @Test
    void restart_onDemand_startsAlsoWhatHasFailed() throws Exception {
        var supervisor = Supervisor.named("s")
                .listener(new Recorded())
                .child(Child.named("once", child -> {
                            if (child.restarts() == 0) {
                                crash(child);
                            }
                            waitForEver(child);
                        })
                        .restart(Restart.NEVER))
                .child("steady", RestartTimeTest::waitForEver)
                .build();
        assertThat(supervisor.restart("once")).isFalse();
        supervisor.start(Context.background());
        Bubble.settle();
        assertThat(supervisor.restart("once")).isTrue();
        assertThat(supervisor.restart("steady")).isTrue();
        assertThat(supervisor.restart("nobody")).isFalse();
        Bubble.settle();
        assertThat(supervisor.children())
                .extracting(child -> child.name() + " " + child.phase() + " " + child.restarts())
                .containsExactly("once RUNNING 1", "steady RUNNING 1");
        Recorded.stop(supervisor);
    }
}
