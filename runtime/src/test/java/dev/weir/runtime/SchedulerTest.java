package dev.weir.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.weir.runtime.control.VirtualThreads;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SchedulerTest {
    @TempDir
    private Path folder;

    private final List<Thread> started = Collections.synchronizedList(new ArrayList<>());

    private Thread start(Scheduler scheduler, String name, Group.Task task) {
        return start(scheduler, Lane.SAMPLE, name, task);
    }

    private Thread start(Scheduler scheduler, Lane lane, String name, Group.Task task) {
        Thread thread = scheduler.start(lane, name, () -> {
            try {
                task.run();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        started.add(thread);
        return thread;
    }

    private static Scheduler own(int processors) {
        Scheduler scheduler = Scheduler.of("test", processors);
        assumeThat(scheduler.isOwn()).isTrue();
        return scheduler;
    }

    @Test
    void isOwn_whereJavaLangIsOpen_isTrue() {
        boolean closed = "jdk".equals(System.getProperty("weir.test.scheduler"));
        assertThat(Scheduler.shared().isOwn()).isEqualTo(!closed);
    }

    @Test
    void start_whereJavaLangIsClosed_runsAVirtualThreadStill() throws Exception {
        assumeThat(Scheduler.shared().isOwn()).isFalse();
        Scheduler scheduler = Scheduler.of("closed", 1);
        AtomicInteger ran = new AtomicInteger();
        Thread thread = start(scheduler, Lane.ALARM, "task", ran::incrementAndGet);
        thread.join();
        assertThat(ran).hasValue(1);
        assertThat(thread.isVirtual()).isTrue();
        assertThat(scheduler.carriers()).isZero();
        assertThat(scheduler).hasToString("Scheduler(closed, 1 processors, on the JDK's)");
    }

    @Test
    void start_task_runsOnACarrierOfTheScheduler() throws Exception {
        AtomicReference<Thread> carrier = new AtomicReference<>();
        Thread thread = start(own(1), "task", () -> carrier.set(VirtualThreads.carrier()));
        thread.join();
        assertThat(thread.isVirtual()).isTrue();
        assertThat(thread.getName()).isEqualTo("task");
        assertThat(carrier.get().getName()).startsWith("test-carrier-");
    }

    @Test
    void start_ofAnOrdinaryVirtualThreadInside_runsOnTheSameScheduler() throws Exception {
        AtomicReference<Thread> carrier = new AtomicReference<>();
        start(
                        own(1),
                        "parent",
                        () -> Thread.ofVirtual()
                                .start(() -> carrier.set(VirtualThreads.carrier()))
                                .join())
                .join();
        assertThat(carrier.get().getName()).startsWith("test-carrier-");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void start_manyThatStartMany_runsAllOfThem(int processors) throws Exception {
        Scheduler scheduler = own(processors);
        AtomicInteger ran = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(50 * 1000);
        for (int i = 0; i < 50; i++) {
            start(scheduler, "parent", () -> {
                for (int child = 0; child < 1000; child++) {
                    Thread.ofVirtual().start(() -> {
                        ran.incrementAndGet();
                        all.countDown();
                    });
                }
            });
        }
        all.await();
        assertThat(ran).hasValue(50_000);
    }

    @Test
    void start_besideOneThatKeepsTheOnlyProcessor_runsStill() throws Exception {
        Scheduler scheduler = own(1);
        CountDownLatch release = new CountDownLatch(1);
        Thread hog = start(scheduler, "hog", () -> {
            while (release.getCount() > 0) {
                Thread.onSpinWait();
            }
        });
        start(scheduler, "other", release::countDown);
        hog.join();
        assertThat(scheduler.retaken()).isPositive();
    }

    @Test
    void start_ofAlarmsBesideAHog_borrowsItsProcessorAndGivesItBack() throws Exception {
        Scheduler scheduler = own(1);
        CountDownLatch running = new CountDownLatch(1);
        AtomicInteger stop = new AtomicInteger();
        Thread hog = start(scheduler, "hog", () -> {
            running.countDown();
            while (stop.get() == 0) {
                Thread.onSpinWait();
            }
        });
        running.await();
        for (int i = 0; i < 50; i++) {
            start(scheduler, Lane.ALARM, "alarm", () -> {}).join();
        }
        assertThat(hog.isAlive()).isTrue();
        assertThat(scheduler.carriers()).as("not one for each alarm").isBetween(2, 10);
        stop.set(1);
        hog.join();
        start(scheduler, "sample", () -> {}).join();
    }

    @Test
    void start_besideAnAlarmThatKeepsABorrowedProcessor_runsStill() throws Exception {
        Scheduler scheduler = own(1);
        CountDownLatch lends = new CountDownLatch(1);
        CountDownLatch borrows = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Thread lender = start(scheduler, "lender", () -> {
            lends.countDown();
            while (release.getCount() > 0) {
                Thread.onSpinWait();
            }
        });
        lends.await();
        Thread borrower = start(scheduler, Lane.ALARM, "borrower", () -> {
            borrows.countDown();
            while (release.getCount() > 0) {
                Thread.onSpinWait();
            }
        });
        borrows.await();
        start(scheduler, Lane.ALARM, "alarm", release::countDown);
        lender.join();
        borrower.join();
    }

    @Test
    @SuppressWarnings("ThreadPriorityCheck") // who yields waits for its next turn at once
    void start_whileAlarmsWaitWithoutEnd_runsOnceTheLenderHasEnded() throws Exception {
        Scheduler scheduler = own(1);
        CountDownLatch lends = new CountDownLatch(1);
        CountDownLatch alarmed = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Thread lender = start(scheduler, "lender", () -> {
            lends.countDown();
            while (alarmed.getCount() > 0) {
                Thread.onSpinWait();
            }
        });
        lends.await();
        Thread alarm = start(scheduler, Lane.ALARM, "alarm", () -> {
            alarmed.countDown();
            while (release.getCount() > 0) {
                Thread.yield();
            }
        });
        lender.join();
        start(scheduler, "sample", release::countDown);
        alarm.join();
    }

    @Test
    void start_besideOneThatReadsAFileThatHasNothing_runsStill() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Scheduler scheduler = own(1);
        AtomicInteger read = new AtomicInteger();
        Thread reader = start(scheduler, "reader", () -> {
            try (FileInputStream in = new FileInputStream(pipe.toFile())) {
                read.set(in.read());
            }
        });
        start(scheduler, "writer", () -> {
            try (FileOutputStream out = new FileOutputStream(pipe.toFile())) {
                out.write(42);
            }
        });
        reader.join();
        assertThat(read).hasValue(42);
    }

    @Test
    void retake_atTheBoundOfCarriers_waitsUntilTheThreadGivesWay() throws Exception {
        Scheduler scheduler = Scheduler.of("bounded", 1, 1);
        assumeThat(scheduler.isOwn()).isTrue();
        CountDownLatch running = new CountDownLatch(1);
        AtomicInteger stop = new AtomicInteger();
        AtomicInteger order = new AtomicInteger();
        Thread hog = start(scheduler, "hog", () -> {
            running.countDown();
            while (stop.get() == 0) {
                Thread.onSpinWait();
            }
            assertThat(order.getAndIncrement()).isZero();
        });
        running.await();
        Thread other = start(scheduler, "other", order::getAndIncrement);
        Running.until(() -> Files.exists(folder) && scheduler.refused() > 2);
        assertThat(scheduler.carriers()).isOne();
        stop.set(1);
        hog.join();
        other.join();
        assertThat(order).hasValue(2);
        assertThat(scheduler.retaken()).isZero();
    }

    @Test
    void start_inLanes_runsTheHighestFirstAndTheLowestStill() throws Exception {
        Scheduler scheduler = own(1);
        List<Lane> order = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch all = new CountDownLatch(3 * 60);
        start(scheduler, "parent", () -> {
            for (Lane lane : List.of(Lane.SAMPLE, Lane.STATE, Lane.ALARM)) {
                for (int i = 0; i < 60; i++) {
                    start(scheduler, lane, lane.name(), () -> {
                        order.add(lane);
                        all.countDown();
                    });
                }
            }
        });
        all.await();
        List<Lane> whileAlarmsWaited = order.subList(0, order.lastIndexOf(Lane.ALARM) + 1);
        // 60 alarms are three quarters of the turns, or more.
        assertThat(whileAlarmsWaited).hasSizeBetween(60, 84).contains(Lane.SAMPLE, Lane.STATE);
        List<Lane> whileStatesWaited = order.subList(0, order.lastIndexOf(Lane.STATE) + 1);
        assertThat(Collections.frequency(whileStatesWaited, Lane.SAMPLE)).isBetween(8, 30);
    }

    @Test
    void unpark_ofManyThatWait_losesNobody() throws Exception {
        Scheduler scheduler = own(2);
        Channel<Integer> there = Channel.unbuffered();
        Channel<Integer> back = Channel.unbuffered();
        Thread echo = start(scheduler, "echo", () -> {
            for (Integer n : there) {
                back.send(n);
            }
            back.close();
        });
        // From outside: every hand-over finds the processors idle, or about to be.
        for (int n = 0; n < 20_000; n++) {
            there.send(n);
            assertThat(back.receive()).isEqualTo(n);
            if (n % 100 == 0) {
                LockSupport.parkNanos(100_000);
            }
        }
        there.close();
        echo.join();
    }

    @Test
    void partners_thatWakeEachOtherForEver_doNotStarveOthers() throws Exception {
        Scheduler scheduler = own(1);
        Channel<Integer> ping = Channel.unbuffered();
        Channel<Integer> pong = Channel.unbuffered();
        CountDownLatch stop = new CountDownLatch(1);
        Thread one = start(scheduler, "one", () -> {
            while (stop.getCount() > 0) {
                ping.send(1);
                pong.receive();
            }
            ping.close();
        });
        Thread two = start(scheduler, "two", () -> {
            for (Integer n : ping) {
                pong.send(n);
            }
        });
        start(scheduler, "third", stop::countDown);
        one.join();
        two.join();
    }

    @Test
    void carriers_ofAThreadThatThrows_goOn() throws Exception {
        Scheduler scheduler = own(1);
        AtomicReference<Throwable> seen = new AtomicReference<>();
        Thread bad = scheduler.factory(Lane.STATE, "bad-").newThread(() -> {
            throw new IllegalStateException("on purpose");
        });
        bad.setUncaughtExceptionHandler((_, thrown) -> seen.set(thrown));
        bad.start();
        bad.join();
        assertThat(seen.get()).hasMessage("on purpose");
        start(scheduler, "next", () -> {}).join();
        assertThat(bad.getName()).isEqualTo("bad-1");
    }

    @Test
    void of_withBadNumbers_saysWhich() {
        assertThatThrownBy(() -> Scheduler.of("x", 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 to 1024 processors, but was 0");
        assertThatThrownBy(() -> Scheduler.of("x", 4, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("4 (its processors)")
                .hasMessageContaining("but was 3");
    }
}
