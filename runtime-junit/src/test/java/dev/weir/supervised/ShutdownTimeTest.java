package dev.weir.supervised;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.runtime.Channel;
import dev.weir.runtime.Context;
import dev.weir.runtime.ReceiveOnClosedException;
import dev.weir.runtime.junit.Bubble;
import dev.weir.runtime.junit.VirtualTime;
import dev.weir.runtime.supervise.Child;
import dev.weir.runtime.supervise.ChildContext;
import dev.weir.runtime.supervise.ChildState;
import dev.weir.runtime.supervise.ShutdownReport;
import dev.weir.runtime.supervise.Supervisor;
import dev.weir.runtime.supervise.SupervisorEvent.Restarted;
import dev.weir.runtime.supervise.SupervisorEvent.Started;
import dev.weir.runtime.supervise.SupervisorEvent.Stopped;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// How a supervisor stops: level by level, each within its deadline.
@VirtualTime
final class ShutdownTimeTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Channel<Integer> never = Channel.unbuffered();

    private static Child.Task endingAfter(Duration time) {
        return child -> {
            child.context().await();
            Bubble.sleep(time);
        };
    }

    private void ignoreEverything(ChildContext child) {
        while (true) {
            try {
                never.receive();
            } catch (InterruptedException e) {
                // that is the point
            } catch (ReceiveOnClosedException e) {
                return;
            }
        }
    }

    @Test
    void stop_levels_goFromSourcesToSinksOneAfterTheOther() throws Exception {
        var events = new Recorded();
        var supervisor = Supervisor.named("s")
                .listener(events)
                .child(Child.named("sink", endingAfter(SECOND)).level(2))
                .child(Child.named("worker 1", endingAfter(SECOND)).level(1))
                .child(Child.named("worker 2", endingAfter(SECOND.multipliedBy(2)))
                        .level(1))
                .child(Child.named("source", endingAfter(SECOND)).level(0))
                .build();
        supervisor.start(Context.background());
        Bubble.settle();
        assertThat(events.order(Started.class))
                .containsExactly("Started sink", "Started worker 1", "Started worker 2", "Started source");
        var report = supervisor.stop();
        assertThat(events.order(Stopped.class))
                .containsExactly("Stopped source", "Stopped worker 1", "Stopped worker 2", "Stopped sink");
        assertThat(events.millisOf(Stopped.class)).containsExactly(1000L, 2000L, 3000L, 4000L);
        assertThat(report.isClean()).isTrue();
        assertThat(report.levels())
                .extracting(ShutdownReport.Level::took)
                .containsExactly(SECOND, SECOND.multipliedBy(2), SECOND);
        assertThat(report.text()).isEqualTo("s has stopped");
    }

    @Test
    void stop_childThatHangs_isReportedAtTheDeadlineOfItsLevel() throws Exception {
        var begin = Bubble.now();
        var supervisor = Supervisor.named("s")
                .listener(new Recorded())
                .deadline(Duration.ofSeconds(3))
                .deadline(1, Duration.ofSeconds(8))
                .child(Child.named("deaf", this::ignoreEverything).level(1))
                .child(Child.named("sink", endingAfter(SECOND)).level(2))
                .build();
        supervisor.start(Context.background());
        Bubble.settle();
        var report = supervisor.stop();
        assertThat(Duration.between(begin, Bubble.now())).isEqualTo(Duration.ofSeconds(9));
        assertThat(report.levels())
                .extracting(ShutdownReport.Level::took)
                .containsExactly(Duration.ofSeconds(8), SECOND);
        assertThat(report.left()).hasSize(1);
        var left = report.left().getFirst();
        assertThat(left.thread()).isEqualTo("s/deaf");
        assertThat(left.waited()).isEqualTo(Duration.ofSeconds(8));
        assertThat(left.state()).isEqualTo(Thread.State.WAITING);
        assertThat(left.where()).contains("STUCK, WAITING on Channel#");
        assertThat(left.stack()).anyMatch(frame -> frame.getMethodName().equals("ignoreEverything"));
        assertThat(report.text())
                .contains("s/deaf did not end within PT8S: WAITING")
                .contains("ShutdownTimeTest.ignoreEverything(");
        never.close();
    }

    @Test
    void stop_childDeafToItsContext_isInterruptedAfterThreeQuartersOfTheDeadline() throws Exception {
        var begin = Bubble.now();
        var supervisor = Supervisor.named("s")
                .listener(new Recorded())
                .deadline(Duration.ofSeconds(4))
                .child("deaf", child -> never.receive())
                .build();
        supervisor.start(Context.background());
        Bubble.settle();
        assertThat(supervisor.stop().isClean()).isTrue();
        assertThat(Duration.between(begin, Bubble.now())).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void stop_childOfALaterLevelThatFailsMeanwhile_isNotRestarted() throws Exception {
        var events = new Recorded();
        var supervisor = Supervisor.named("s")
                .listener(events)
                .child(Child.named("sink", child -> {
                            Bubble.sleep(SECOND);
                            throw new IllegalStateException("on purpose");
                        })
                        .level(1))
                .child(Child.named("source", endingAfter(SECOND.multipliedBy(3))))
                .build();
        supervisor.start(Context.background());
        Bubble.settle();
        assertThat(supervisor.stop().isClean()).isTrue();
        assertThat(events.of(Restarted.class)).isEmpty();
        assertThat(supervisor.children())
                .extracting(child -> child.name() + " " + child.phase())
                .containsExactly("sink FAILED", "source STOPPED");
    }

    @Test
    void stop_duringBackoff_waitsForNothing() throws Exception {
        var begin = Bubble.now();
        var supervisor = Supervisor.named("s")
                .listener(new Recorded())
                .child("bad", child -> {
                    throw new IllegalStateException("on purpose");
                })
                .build();
        supervisor.start(Context.background());
        Bubble.settle();
        assertThat(supervisor.stop().isClean()).isTrue();
        assertThat(Bubble.now()).isEqualTo(begin);
    }

    @Test
    void stop_elementInFlight_isReported() throws Exception {
        var supervisor = Supervisor.named("s")
                .listener(new Recorded())
                .child("worker", child -> {
                    child.inFlight(String.class).take("half done");
                    child.context().await();
                })
                .build();
        supervisor.start(Context.background());
        Bubble.settle();
        assertThat(supervisor.stop().unfinished())
                .containsExactly(new ShutdownReport.Unfinished("s/worker", "half done", 0));
    }

    @Test
    void stop_nestedSupervisorWithADeafChild_namesThatChild() throws Exception {
        var inner = Supervisor.named("inner")
                .listener(new Recorded())
                .deadline(SECOND)
                .child("deaf", this::ignoreEverything)
                .build();
        var outer = Supervisor.named("outer")
                .listener(new Recorded())
                .child(Child.of(inner))
                .build();
        outer.start(Context.background());
        Bubble.settle();
        assertThat(outer.stop().left()).extracting(ShutdownReport.Left::thread).containsExactly("inner/deaf");
        never.close();
    }

    @Test
    void stop_ofANestedSupervisor_lastsUntilItIsRestarted() throws Exception {
        var inner = Supervisor.named("inner")
                .listener(new Recorded())
                .child("c", child -> child.context().await())
                .build();
        var outer = Supervisor.named("outer")
                .listener(new Recorded())
                .child(Child.of(inner))
                .build();
        outer.start(Context.background());
        Bubble.settle();
        assertThat(inner.stop().isClean()).isTrue();
        Bubble.sleep(Duration.ofMinutes(10));
        assertThat(outer.children().getFirst().phase()).isEqualTo(ChildState.Phase.STOPPED);
        outer.restart("inner");
        Bubble.settle();
        assertThat(inner.children().getFirst().phase()).isEqualTo(ChildState.Phase.RUNNING);
        assertThat(outer.stop().isClean()).isTrue();
        assertThat(inner.children().getFirst().phase()).isEqualTo(ChildState.Phase.STOPPED);
    }

    @Test
    void parentContext_thatEnds_stopsItLevelByLevel() throws Exception {
        var events = new Recorded();
        var supervisor = Supervisor.named("s")
                .listener(events)
                .child(Child.named("sink", endingAfter(SECOND)).level(1))
                .child(Child.named("source", endingAfter(SECOND)))
                .build();
        try (var parent = Context.background().withTimeout(Duration.ofSeconds(5))) {
            supervisor.start(parent);
            assertThat(supervisor.await().isClean()).isTrue();
        }
        assertThat(events.millisOf(Stopped.class)).containsExactly(6000L, 7000L);
    }

    @Test
    void run_interrupted_cancelsAllAndWaitsForNobody() throws Exception {
        var supervisor = Supervisor.named("s")
                .listener(new Recorded())
                .child("slow", child -> {
                    child.context().await();
                    Bubble.sleep(SECOND);
                })
                .build();
        var runner = Thread.ofVirtual().start(() -> {
            try {
                supervisor.run(Context.background());
            } catch (InterruptedException e) {
                // as it has to
            }
        });
        Bubble.settle();
        runner.interrupt();
        runner.join();
        assertThat(supervisor.report().left())
                .extracting(ShutdownReport.Left::thread)
                .containsExactly("s/slow");
    }
}
