package dev.weir.runtime.inspect;

import static dev.weir.runtime.Select.consume;
import static dev.weir.runtime.Select.select;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.runtime.Channel;
import dev.weir.runtime.Context;
import dev.weir.runtime.Group;
import dev.weir.runtime.Lane;
import dev.weir.runtime.Running;
import dev.weir.runtime.Scheduler;
import dev.weir.runtime.WaitGroup;
import dev.weir.runtime.WeightedSemaphore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class DumpTest {
    private final List<Thread> threads = new ArrayList<>();

    @AfterEach
    void end() throws InterruptedException {
        for (var thread : threads) {
            thread.interrupt();
            thread.join();
        }
    }

    private void start(String name, Group.Task task) {
        threads.add(Scheduler.shared().start(Lane.STATE, name, () -> {
            try {
                task.run();
            } catch (Exception e) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    @Test
    void take_withReceiver_tellsChannelAndStart() {
        Channel<String> channel = Channel.bounded(3);
        start("dumped-receiver", channel::receive);

        var seen = Seen.waiting("dumped-receiver");

        assertThat(seen.waitsOn()).singleElement().satisfies(what -> {
            assertThat(what.awaited()).isEqualTo(Awaited.RECEIVE);
            assertThat(what.what()).isEqualTo(channel.toString());
            assertThat(what.capacity()).isEqualTo(3);
        });
        assertThat(seen.exact()).isTrue();
        assertThat(seen.startedAt()).startsWith(DumpTest.class.getName());
        assertThat(seen.stack()).anyMatch(frame -> frame.getMethodName().equals("receive"));
        if (Scheduler.shared().isOwn()) {
            assertThat(seen.scheduler() + seen.lane()).isEqualTo("weirSTATE");
        } else {
            assertThat(seen.scheduler()).isEqualTo("jdk");
        }
    }

    @Test
    void take_withSenderOnFullChannel_tellsWhoReceivedLast() throws Exception {
        Channel<Integer> channel = Channel.unbuffered();
        start("dumped-once", () -> {
            channel.receive();
            Channel.never().receive();
        });
        start("dumped-sender", () -> {
            channel.send(1);
            channel.send(2);
        });

        Seen.waiting("dumped-sender");
        Running.until(() -> Seen.waiting("dumped-sender").waitsOn().getFirst().moved() == 1);
        var seen = Seen.waiting("dumped-sender");

        assertThat(seen.waitsOn().getFirst().awaited()).isEqualTo(Awaited.SEND);
        assertThat(seen.waitsOn().getFirst().lastUser())
                .isEqualTo(Seen.waiting("dumped-once").id());
    }

    @Test
    void take_withSelect_tellsEachChannel() {
        Channel<Integer> one = Channel.unbuffered();
        Channel<Integer> two = Channel.bounded(1);
        start("dumped-select", () -> select(consume(one, _ -> {}, () -> {}), consume(two, _ -> {}, () -> {})));

        assertThat(Seen.waiting("dumped-select").waitsOn())
                .extracting(WaitsOn::what)
                .containsExactly(one.toString(), two.toString());
    }

    @Test
    void take_withWaitersOfAllKinds_tellsWhatTheyWaitFor() throws InterruptedException {
        var semaphore = WeightedSemaphore.of(1);
        semaphore.acquire(1);
        var count = WaitGroup.of("counted");
        count.add(1);
        var lock = new Semaphore(0);
        start("dumped-acquire", () -> semaphore.acquire(1));
        start("dumped-await", count::await);
        start("dumped-lock", lock::acquire);
        start("dumped-sleep", () -> Thread.sleep(1_000_000));

        assertThat(Seen.waiting("dumped-acquire").waitsOn().getFirst().awaited())
                .isEqualTo(Awaited.SEMAPHORE);
        assertThat(Seen.waiting("dumped-acquire").waitsOn().getFirst().lastUser())
                .isEqualTo(Thread.currentThread().threadId());
        assertThat(Seen.waiting("dumped-await").waitsOn().getFirst().awaited()).isEqualTo(Awaited.WAIT_GROUP);
        assertThat(Seen.waiting("dumped-lock").waitsOn().getFirst().awaited()).isEqualTo(Awaited.LOCK);
        assertThat(Seen.sleeping("dumped-sleep").timed()).isTrue();
    }

    @Test
    void take_withGroup_tellsTheTasksOfTheGroup() {
        start("dumped-owner", () -> {
            try (var group = Group.of(Context.background(), "dumped-task")) {
                group.go(() -> Channel.never().receive(group.context()));
                group.await(Context.background());
            }
        });

        var owner = Seen.waiting("dumped-owner");
        var task = Seen.waiting("dumped-task-1");

        assertThat(owner.waitsOn().getFirst().awaited()).isEqualTo(Awaited.GROUP);
        assertThat(task.crew()).isEqualTo(owner.waitsOn().getFirst().crew()).isNotZero();
        assertThat(task.startedAt()).startsWith(DumpTest.class.getName());
    }

    @Test
    void take_whenThreadHasEnded_doesNotHaveIt() throws InterruptedException {
        Scheduler.shared().start("dumped-ended", () -> {}).join();

        Running.until(() -> !Seen.lives("dumped-ended"));
    }

    @Test
    void take_withUnstartedThread_doesNotHaveIt() {
        var unstarted = Scheduler.shared().unstarted(Lane.SAMPLE, "dumped-unstarted", () -> {});

        assertThat(Seen.lives(unstarted.getName())).isFalse();
    }

    @Test
    void take_withMoreThreadsThanAskedFor_isCut() {
        start("dumped-1", () -> Channel.never().receive());
        start("dumped-2", () -> Channel.never().receive());
        Seen.waiting("dumped-1");
        Seen.waiting("dumped-2");

        var dump = Dump.take(1, 2);

        assertThat(dump.threads()).hasSizeLessThanOrEqualTo(1);
        assertThat(dump.total()).isGreaterThanOrEqualTo(2);
        assertThat(dump.threads()).allMatch(thread -> thread.stack().size() <= 2);
        assertThatThrownBy(() -> Dump.take(0, 1)).hasMessage("a dump has 1 to 100000 threads, but was asked for 0");
    }

    @Test
    void text_withThreadsThatWaitAlike_putsThemTogether() {
        Channel<Integer> channel = Channel.unbuffered();
        for (int i = 0; i < 10; i++) {
            start("dumped-alike-" + i, channel::receive);
        }
        for (int i = 0; i < 10; i++) {
            Seen.waiting("dumped-alike-" + i);
        }

        var text = Dump.take().text();

        assertThat(text).contains("10 × waiting: receive").contains("and 2 more");
        assertThat(text).contains("receive on " + channel);
    }

    @Test
    void json_withQuotesInNames_isEscaped() {
        start("dumped \"quoted\"\n", () -> Channel.never().receive());
        Seen.waiting("dumped \"quoted\"\n");

        assertThat(Dump.take().json())
                .startsWith("{\"at\":\"")
                .contains("\"name\":\"dumped \\\"quoted\\\"\\u000a\"")
                .contains("\"what\":\"Channel.never()\"")
                .endsWith("]}");
    }
}
