package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.node.Shutdown.Level;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ShutdownTest {
    private static final Duration LITTLE = Duration.ofMillis(20);
    private static final Duration MUCH = Duration.ofSeconds(20);

    private final Shutdown shutdown = new Shutdown();
    private final List<String> closed = new CopyOnWriteArrayList<>();
    private final List<Duration> times = new CopyOnWriteArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);

    private void add(Level level, String name) {
        shutdown.add(level, name, MUCH, time -> {
            closed.add(name);
            times.add(time);
            return List.of();
        });
    }

    private void addStubborn(Level level, String name) {
        shutdown.add(level, name, LITTLE, _ -> {
            closed.add(name);
            while (end.getCount() > 0) {
                Thread.onSpinWait();
            }
            return List.of();
        });
    }

    @AfterEach
    void release() {
        end.countDown();
    }

    @Test
    void close_withPartsOfManyLevels_closesThemLevelByLevelTheLastOpenedFirst() throws Exception {
        add(Level.METRICS, "metrics");
        add(Level.STORE, "folder");
        add(Level.STORE, "store");
        add(Level.FLOW, "flow");
        add(Level.SOURCES, "sources");
        add(Level.API, "api");
        assertThat(shutdown.close(MUCH)).isEmpty();
        assertThat(closed).containsExactly("sources", "flow", "api", "store", "folder", "metrics");
    }

    @Test
    void close_ofEachPart_givesItWhatItsLevelHasLeftOfTheDeadline() throws Exception {
        add(Level.SOURCES, "sources");
        add(Level.FLOW, "flow");
        add(Level.STORE, "store");
        shutdown.close(Duration.ofSeconds(100));
        assertThat(times.get(0)).isZero();
        assertThat(times.get(1)).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(80));
        assertThat(times.get(2)).isBetween(Duration.ofSeconds(80), Duration.ofSeconds(100));
    }

    @Test
    void close_withAPartThatNeverEnds_namesItAndClosesThoseBehind() throws Exception {
        add(Level.STORE, "store");
        addStubborn(Level.API, "api");
        assertThat(shutdown.close(Duration.ZERO)).singleElement().satisfies(left -> {
            assertThat(left.level()).isEqualTo("api");
            assertThat(left.part()).isEqualTo("api");
            assertThat(left.why()).contains("did not close within 0.0 s", "ShutdownTest", "left behind");
        });
        assertThat(closed).containsExactly("api", "store");
    }

    @Test
    void close_withAPartThatEndsWhenInterrupted_saysNothingOfLeavingItBehind() throws Exception {
        shutdown.add(Level.TRACING, "tracing", LITTLE, _ -> {
            end.await();
            return List.of();
        });
        assertThat(shutdown.close(Duration.ZERO)).singleElement().satisfies(left -> {
            assertThat(left.level()).isEqualTo("tracing");
            assertThat(left.why()).startsWith("did not close within").doesNotContain("left behind");
        });
    }

    @Test
    void close_withActuatorsThatNeverEnd_waitsForAllOfThemAtTheSameTime() throws Exception {
        addStubborn(Level.ACTUATORS, "one");
        addStubborn(Level.ACTUATORS, "two");
        add(Level.ACTUATORS, "three");
        assertThat(shutdown.close(Duration.ZERO)).extracting(Unstopped::part).containsExactlyInAnyOrder("one", "two");
        assertThat(closed).containsExactlyInAnyOrder("one", "two", "three");
    }

    @Test
    void close_withAPartThatFails_saysSoAndClosesThoseBehind() throws Exception {
        add(Level.STORE, "folder");
        shutdown.add(Level.STORE, "store", MUCH, _ -> {
            throw new IOException("the disk is gone");
        });
        assertThat(shutdown.close(Duration.ZERO))
                .extracting(Unstopped::toString)
                .containsExactly("store: store failed to close: java.io.IOException: the disk is gone");
        assertThat(closed).containsExactly("folder");
    }

    @Test
    void close_withThreadsThatDidNotEnd_namesEachOfThem() throws Exception {
        shutdown.add(Level.FLOW, "flow", MUCH, _ -> List.of("weir-climate/1", "weir-climate/2"));
        assertThat(shutdown.close(Duration.ZERO))
                .extracting(Unstopped::toString)
                .containsExactly("flow: weir-climate/1 did not end", "flow: weir-climate/2 did not end");
    }

    @Test
    void close_theSecondTime_closesNothingAndSaysTheSame() throws Exception {
        shutdown.add(Level.FLOW, "flow", MUCH, _ -> List.of("weir-climate/1"));
        add(Level.STORE, "store");
        List<Unstopped> first = shutdown.close(Duration.ZERO);
        assertThat(shutdown.close(Duration.ZERO)).isEqualTo(first).hasSize(1);
        assertThat(closed).containsExactly("store");
    }

    @Test
    void close_interrupted_leavesTheRestToTheNextCall() throws Exception {
        add(Level.STORE, "store");
        shutdown.add(Level.API, "api", MUCH, _ -> {
            end.await();
            return List.of();
        });
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> shutdown.close(Duration.ZERO)).isInstanceOf(InterruptedException.class);
        assertThat(closed).isEmpty();
        shutdown.close(Duration.ZERO);
        assertThat(closed).containsExactly("store");
    }
}
