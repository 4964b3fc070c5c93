package dev.weir.runtime.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.runtime.Channel;
import dev.weir.runtime.Context;
import dev.weir.runtime.Group;
import dev.weir.runtime.Running;
import dev.weir.runtime.Scheduler;
import dev.weir.runtime.WeightedSemaphore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class LookoutTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration PERIOD = Duration.ofMillis(10);

    private final List<Thread> threads = new ArrayList<>();
    private final Channel<Finding> found = Channel.bounded(64);

    @AfterEach
    void end() throws InterruptedException {
        for (var thread : threads) {
            thread.interrupt();
            thread.join();
        }
    }

    private void start(String name, Group.Task task) {
        threads.add(Scheduler.shared().start(name, () -> {
            try {
                task.run();
            } catch (Exception e) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    private Lookout lookout(Duration blocked, double drift) {
        var limits = new Lookout.Limits(PERIOD, blocked, drift, 1_000_000, HOUR);
        return Lookout.start(Scheduler.shared(), Context.background(), limits, found::trySend);
    }

    private Finding await(Predicate<Finding> wanted) throws InterruptedException {
        var finding = found.receive();
        while (!wanted.test(finding)) {
            finding = found.receive();
        }
        return finding;
    }

    @Test
    void look_withBlockedSender_namesTheStageThatShouldDrain() throws Exception {
        Channel<Integer> channel = Channel.unbuffered();
        start("lookout-stage", () -> {
            channel.receive();
            Thread.sleep(1_000_000);
        });
        start("lookout-sender", () -> {
            channel.send(1);
            channel.send(2);
        });
        try (var lookout = lookout(PERIOD, 10)) {
            lookout.settle();
            var finding = await(one -> one instanceof Finding.Blocked blocked
                    && blocked.sender().name().equals("lookout-sender"));

            assertThat(finding.text()).contains("Channel#").endsWith("\"lookout-stage\" should receive");
        }
    }

    @Test
    void look_withMoreThreadsThanUsual_tellsTheDrift() throws Exception {
        Channel<Integer> channel = Channel.unbuffered();
        try (var lookout = lookout(Duration.ZERO, 0.1)) {
            lookout.settle();
            start("lookout-first", () -> channel.send(1));
            await(one -> one instanceof Finding.Blocked); // so that it has its baseline
            for (int i = 0; i < 100; i++) {
                start("lookout-more-" + i, () -> Channel.never().receive());
            }

            assertThat(await(one -> one instanceof Finding.CountDrifted).text()).contains("where there used to be");
        }
    }

    @Test
    void look_withThreadsThatWaitForEachOther_tellsTheCycle() throws Exception {
        var one = WeightedSemaphore.of(1);
        var two = WeightedSemaphore.of(1);
        Channel<Boolean> bothHold = Channel.unbuffered();
        start("lookout-one", () -> {
            one.acquire(1);
            bothHold.send(true);
            two.acquire(1);
        });
        start("lookout-two", () -> {
            two.acquire(1);
            bothHold.receive();
            one.acquire(1);
        });
        try (var lookout = lookout(HOUR, 10)) {
            lookout.settle();
            assertThat(await(finding -> finding instanceof Finding.Stuck).text())
                    .contains("cycle: \"lookout-one\" #");
        }
    }

    @Test
    void close_endsItsThread() {
        lookout(HOUR, 10).close();

        Running.until(() -> !Seen.lives("weir-lookout"));
    }

    @Test
    void limits_withoutPeriod_areRefused() {
        assertThatThrownBy(() -> new Lookout.Limits(Duration.ZERO, HOUR, 0.1, 1, HOUR))
                .hasMessage("the period of a lookout must be positive, but was PT0S");
    }
}
