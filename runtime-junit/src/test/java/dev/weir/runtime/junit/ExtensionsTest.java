package dev.weir.runtime.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.weir.runtime.Channel;
import dev.weir.runtime.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/// The annotations, run by JUnit itself on the test classes in here.
@Timeout(60)
final class ExtensionsTest {
    /// Runs a class and tells what each of its tests failed with; an empty message if it passed.
    private static Map<String, String> outcomes(Class<?> tests) {
        var outcomes = new TreeMap<String, String>();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(tests))
                .build();
        LauncherFactory.create().execute(request, new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (test.isTest()) {
                    outcomes.put(
                            test.getDisplayName().replaceFirst("\\(.*", ""),
                            result.getThrowable().map(Throwable::toString).orElse(""));
                }
            }
        });
        return outcomes;
    }

    @VirtualTime
    static final class InVirtualTime {
        private final List<String> before = new ArrayList<>();

        @BeforeEach
        void note() {
            before.add("before");
        }

        @Test
        void sleeps() throws Exception {
            assertThat(before).containsExactly("before");
            Bubble.sleep(Duration.ofDays(365));
            assertThat(Bubble.nanoTime()).isEqualTo(TimeUnit.DAYS.toNanos(365));
        }

        @Test
        void waitsForEver() throws Exception {
            Channel.never().receive();
        }

        @Test
        void asserts() {
            assertThat(1).isEqualTo(2);
        }

        @Test
        @VirtualTime(patienceMillis = 100)
        void blocksForReal() throws Exception {
            Thread.sleep(20_000);
        }
    }

    @Test
    void virtualTime_onAClass_isForEachOfItsTests() {
        var outcomes = outcomes(InVirtualTime.class);
        assertThat(outcomes).hasSize(4).containsEntry("sleeps", "");
        assertThat(outcomes.get("waitsForEver")).contains("DeadlockError").contains("Channel.never()");
        assertThat(outcomes.get("asserts")).contains("AssertionFailedError");
        assertThat(outcomes.get("blocksForReal")).contains("StuckError").contains("PT0.1S");
    }

    static final class UnderSchedules {
        @Interleaved(schedules = 100)
        @Test
        void isInOurPackage() {}

        @Interleaved(schedules = 100)
        @Test
        void takesParameters(org.junit.jupiter.api.TestInfo info) {
            assertThat(info).isNotNull();
        }
    }

    @Test
    void interleaved_inThisPackage_cannotRewriteItself() {
        assertThat(outcomes(UnderSchedules.class).get("isInOurPackage")).contains("cannot be rewritten");
    }

    @Test
    void interleaved_withParameters_isRefused() {
        assertThat(outcomes(UnderSchedules.class).get("takesParameters")).contains("takes no parameters");
    }

    static final class OperationsOnly {
        @Interleaved(schedules = 100, plainFields = false)
        @Test
        void checksThenActs() throws Exception {
            var channel = Channel.<Integer>bounded(1);
            channel.send(1);
            var taker = Thread.startVirtualThread(channel::tryReceive);
            if (channel.length() == 1) {
                channel.receive();
            }
            taker.join();
        }

        @Interleaved(seed = 0x0500000000000001L, plainFields = false)
        @Test
        void replays() {
            assertThat(Bubble.isInside()).isTrue();
        }
    }

    @Test
    void interleaved_withABug_tellsItsSeed() {
        var outcomes = outcomes(OperationsOnly.class);
        assertThat(outcomes.get("checksThenActs"))
                .contains("InterleavingError")
                .contains("DeadlockError")
                .containsPattern("replay it with -Dweir.seed=\\d+, or with seed = \\d+L")
                .contains("the last switches of the schedule")
                .contains("ExtensionsTest.java");
        assertThat(outcomes).containsEntry("replays", "");
    }

    @LeaveNoThreads(patienceMillis = 50)
    static final class Leaves {
        private static final List<Thread> LEFT = new ArrayList<>();

        private static void leave(String name) {
            LEFT.add(Scheduler.shared().start(name, () -> {
                try {
                    Channel.never().receive();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }

        @Test
        void none() throws Exception {
            Scheduler.shared().start("short", () -> {}).join();
        }

        @Test
        void one() {
            leave("lost");
        }

        @Test
        @LeaveNoThreads(except = "cache-*")
        void anExceptedOne() {
            leave("cache-1");
        }

        @Test
        void oneAndFails() {
            leave("second");
            throw new IllegalStateException("the test itself");
        }
    }

    @Test
    void leaveNoThreads_onAClass_failsThoseThatDo() {
        var outcomes = outcomes(Leaves.class);
        Leaves.LEFT.forEach(Thread::interrupt);
        assertThat(outcomes).hasSize(4).containsEntry("none", "").containsEntry("anExceptedOne", "");
        assertThat(outcomes.get("one")).contains("ThreadsLeftError").contains("\"lost\"");
        assertThat(outcomes.get("oneAndFails")).contains("the test itself");
    }
}
