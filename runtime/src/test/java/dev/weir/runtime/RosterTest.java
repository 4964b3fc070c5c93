package dev.weir.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.runtime.control.Insight;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class RosterTest {
    private static final int MANY = 20_000;

    private static Set<Long> listed(String prefix) {
        var ids = new HashSet<Long>();
        for (Insight.Known known : Roster.threads(Integer.MAX_VALUE)) {
            if (known.name().startsWith(prefix)) {
                assertThat(ids.add(known.id())).as("listed once").isTrue();
            }
        }
        return ids;
    }

    private static List<Thread> startWaiting(String prefix, int count, CountDownLatch end) throws InterruptedException {
        var begun = new CountDownLatch(count);
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < count; i++) {
            threads.add(Scheduler.shared().start(prefix + i, () -> {
                begun.countDown();
                try {
                    end.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        begun.await();
        return threads;
    }

    @Test
    void threads_ofManyThatWait_haveEachOfThemOnceAndNoneThatHasEnded() throws Exception {
        var end = new CountDownLatch(1);
        var threads = startWaiting("roster-many-", MANY, end);

        assertThat(listed("roster-many-")).hasSize(MANY);
        assertThat(Roster.size()).isGreaterThanOrEqualTo(MANY);
        end.countDown();
        for (var thread : threads) {
            thread.join();
        }
        assertThat(listed("roster-many-")).isEmpty();
    }

    @Test
    void threads_whileOthersComeAndGo_haveThoseThatStay() throws Exception {
        var end = new CountDownLatch(1);
        var stay = startWaiting("roster-stays-", 100, end);
        var stopped = new AtomicBoolean();
        var burster = Running.run(() -> {
            while (!stopped.get()) {
                var burst = new ArrayList<Thread>();
                for (int i = 0; i < 1_000; i++) {
                    burst.add(Scheduler.shared().start("roster-comes-" + i, () -> {}));
                }
                for (var thread : burst) {
                    thread.join();
                }
            }
        });
        for (int look = 0; look < 200; look++) {
            assertThat(listed("roster-stays-")).hasSize(100);
        }
        stopped.set(true);
        burster.result();
        end.countDown();
        for (var thread : stay) {
            thread.join();
        }
        assertThat(listed("roster-")).isEmpty();
    }
}
