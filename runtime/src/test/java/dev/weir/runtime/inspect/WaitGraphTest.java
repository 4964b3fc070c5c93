package dev.weir.runtime.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.weir.runtime.Channel;
import dev.weir.runtime.Context;
import dev.weir.runtime.Group;
import dev.weir.runtime.Lane;
import dev.weir.runtime.Running;
import dev.weir.runtime.Scheduler;
import dev.weir.runtime.WeightedSemaphore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class WaitGraphTest {
    private final List<Thread> threads = new ArrayList<>();

    @AfterEach
    void end() throws InterruptedException {
        for (var thread : threads) {
            thread.interrupt();
            thread.join();
        }
    }

    private void start(String name, Group.Task task) {
        threads.add(Scheduler.shared().start(Lane.SAMPLE, name, () -> {
            try {
                task.run();
            } catch (Exception e) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    private static List<Long> ids(String... names) {
        return List.of(names).stream().map(name -> Seen.waiting(name).id()).toList();
    }

    @Test
    void take_withSemaphoresTakenCrosswise_findsTheCycle() {
        var one = WeightedSemaphore.of(1);
        var two = WeightedSemaphore.of(1);
        Channel<Boolean> bothHold = Channel.unbuffered();
        start("graph-one", () -> {
            one.acquire(1);
            bothHold.send(true);
            two.acquire(1);
        });
        start("graph-two", () -> {
            two.acquire(1);
            bothHold.receive();
            one.acquire(1);
        });
        Running.until(() -> Seen.waiting("graph-one").waitsOn().getFirst().awaited() == Awaited.SEMAPHORE
                && Seen.waiting("graph-two").waitsOn().getFirst().awaited() == Awaited.SEMAPHORE);

        var graph = WaitGraph.take();

        assertThat(graph.cycles()).contains(ids("graph-one", "graph-two"));
        assertThat(graph.text()).contains("cycle: \"graph-one\" #").contains("* \"graph-two\" #");
    }

    @Test
    void take_withGroupWhoseTaskAwaitsItsOwner_findsTheCycle() {
        Channel<Integer> answers = Channel.unbuffered();
        start("graph-owner", () -> {
            answers.send(1);
            var group = Group.of(Context.background(), "graph-task");
            group.go(() -> {
                answers.receive();
                answers.receive();
            });
            group.await();
        });
        start("graph-first", answers::receive);
        Running.until(() -> !Seen.lives("graph-first")
                && Seen.waiting("graph-owner").waitsOn().getFirst().awaited() == Awaited.GROUP);

        Seen.waiting("graph-task-1");

        assertThat(WaitGraph.take().cycles()).contains(ids("graph-owner", "graph-task-1"));
        end("graph-task-1", answers);
    }

    private static void end(String task, Channel<Integer> answers) {
        answers.close();
        Running.until(() -> !Seen.lives(task));
    }

    @Test
    void take_whenOneOfThemCanGoOn_findsNoCycle() {
        Channel<Integer> channel = Channel.unbuffered();
        Channel<Integer> back = Channel.unbuffered();
        start("graph-asks", () -> {
            while (true) {
                channel.send(1);
                back.receive();
            }
        });
        start("graph-answers", () -> {
            while (true) {
                channel.receive();
                Thread.sleep(1_000_000);
                back.send(1);
            }
        });
        Seen.sleeping("graph-answers");
        long asks = Seen.waiting("graph-asks").id();

        assertThat(WaitGraph.take().cycles()).noneMatch(cycle -> cycle.contains(asks));
    }

    @Test
    void isDeadlock_whenAllThreadsOfASchedulerWait_holds() {
        var scheduler = Scheduler.of("graph-stuck", 1);
        Channel<Integer> channel = Channel.unbuffered();
        threads.add(scheduler.start("graph-waits", () -> channel.forEach(_ -> {})));
        Seen.waiting("graph-waits");

        var graph = WaitGraph.take();

        assertThat(graph.isDeadlock("graph-stuck")).isEqualTo(scheduler.isOwn() && graph.timers() == 0);
        assertThat(graph.isDeadlock("no such scheduler")).isFalse();
        channel.close();
    }

    @Test
    void isDeadlock_whenOneHasNotBegun_doesNotHold() throws Exception {
        var scheduler = Scheduler.of("graph-late", 1, 1);
        assumeThat(scheduler.isOwn()).isTrue();
        Channel<Integer> channel = Channel.unbuffered();
        var runs = new AtomicBoolean();
        var goesOn = new AtomicBoolean();
        threads.add(scheduler.start("graph-waits-longer", () -> channel.forEach(_ -> {})));
        Seen.waiting("graph-waits-longer");
        scheduler.start(
                "graph-starts",
                () -> Thread.ofVirtual().start(() -> {
                    runs.set(true);
                    while (!goesOn.get()) {
                        Thread.onSpinWait();
                    }
                }));
        Running.until(() -> runs.get() && !Seen.lives("graph-starts"));
        threads.add(scheduler.start("graph-unbegun", () -> {}));

        assertThat(WaitGraph.take().isDeadlock("graph-late")).isFalse();
        goesOn.set(true);
        channel.close();
    }

    @Test
    void isDeadlock_whenOneSleeps_doesNotHold() {
        var scheduler = Scheduler.of("graph-sleeps", 1);
        Channel<Integer> channel = Channel.unbuffered();
        threads.add(scheduler.start("graph-waits-too", () -> channel.forEach(_ -> {})));
        threads.add(scheduler.start("graph-sleeper", () -> {
            try {
                Thread.sleep(1_000_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        Seen.sleeping("graph-sleeper");

        assertThat(WaitGraph.take().isDeadlock("graph-sleeps")).isFalse();
        assertThat(WaitGraph.take().isDeadlock()).isFalse();
        channel.close();
    }
}
