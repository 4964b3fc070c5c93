package dev.weir.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.Actuator;
import dev.weir.engine.Command;
import dev.weir.engine.Meters;
import dev.weir.runtime.Lane;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CommandsTest {
    private final ConcurrentLinkedQueue<String> settled = new ConcurrentLinkedQueue<>();
    private final CountDownLatch busy = new CountDownLatch(1);
    private final CountDownLatch gate = new CountDownLatch(1);
    private final Commands commands = new Commands(
            FlowClock.system(), Meters.none(), (command, outcome, _) -> settled.add(command.id() + " " + outcome));
    private final Actuator slow = _ -> {
        busy.countDown();
        gate.await();
    };

    private static Command command(String id, Lane lane, Duration validity) {
        return new Command(id, "rule", "d", "fan/set", "{}", Instant.now().plus(validity), lane);
    }

    private static Command command(String id, Lane lane) {
        return command(id, lane, Duration.ofMinutes(1));
    }

    @AfterEach
    void balance() throws InterruptedException {
        gate.countDown();
        assertThat(commands.close(Duration.ofSeconds(20).toNanos())).isEmpty();
        assertThat(commands.line()).returns(true, Commands.Line::balanced).returns(0L, Commands.Line::queued);
    }

    @Test
    void issue_whileActuatorIsBusy_carriesAlarmsOutFirst() throws Exception {
        commands.issue(command("first", Lane.SAMPLE), slow);
        busy.await();
        commands.issue(command("s1", Lane.SAMPLE), slow);
        commands.issue(command("t1", Lane.STATE), slow);
        commands.issue(command("a1", Lane.ALARM), slow);
        commands.issue(command("a2", Lane.ALARM), slow);
        gate.countDown();
        commands.flush();
        assertThat(settled).containsExactly("first DONE", "a1 DONE", "a2 DONE", "s1 DONE", "t1 DONE");
    }

    @Test
    void issue_expiredCommand_isNotCarriedOutButCounted() throws Exception {
        commands.issue(command("late", Lane.ALARM, Duration.ofSeconds(-1)), slow);
        commands.flush();
        assertThat(settled).containsExactly("late EXPIRED");
        assertThat(busy.getCount()).isOne();
        assertThat(commands.line().expired()).isOne();
    }

    @Test
    void issue_toFailingActuator_isTriedOnceAndCountedByReason() throws Exception {
        commands.issue(command("io", Lane.SAMPLE), _ -> {
            throw new IOException("no route");
        });
        commands.issue(command("bug", Lane.SAMPLE), _ -> {
            throw new IllegalStateException("bug");
        });
        commands.flush();
        assertThat(settled).containsExactlyInAnyOrder("io FAILED", "bug FAILED");
        assertThat(commands.line().failed()).isEqualTo(Map.of("unreachable", 1L, "actuator-error", 1L));
    }

    @Test
    void issue_withFullQueue_dropsAndCountsButStillTakesAlarms() throws Exception {
        commands.issue(command("first", Lane.SAMPLE), slow);
        busy.await();
        for (int i = 0; i < Commands.QUEUE + 10; i++) {
            commands.issue(command("s" + i, Lane.SAMPLE), slow);
        }
        commands.issue(command("alarm", Lane.ALARM), slow);
        assertThat(commands.line().dropped()).isEqualTo(Map.of("overflow", 10L));
        gate.countDown();
        commands.flush();
        assertThat(settled).contains("alarm DONE", "s0 DONE", "s" + Commands.QUEUE + " DROPPED");
    }

    @Test
    void issue_toSlowActuator_doesNotDelayOthers() throws Exception {
        commands.issue(command("slow", Lane.SAMPLE), slow);
        var done = new CountDownLatch(1);
        commands.issue(command("quick", Lane.SAMPLE), _ -> done.countDown());
        done.await();
    }

    @Test
    void close_withActuatorThatHangs_interruptsItAndDropsTheRest() throws Exception {
        commands.issue(command("hangs", Lane.SAMPLE), slow);
        busy.await();
        commands.issue(command("waits", Lane.SAMPLE), slow);
        assertThat(commands.close(0)).isEmpty();
        assertThat(settled).containsExactly("hangs FAILED", "waits DROPPED");
        commands.issue(command("after", Lane.SAMPLE), slow);
        assertThat(commands.line().dropped()).isEqualTo(Map.of("shutdown", 2L));
    }
}
