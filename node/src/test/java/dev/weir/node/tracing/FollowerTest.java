package dev.weir.node.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.weir.engine.Meters;
import dev.weir.engine.Span;
import dev.weir.engine.flow.FlowClock;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FollowerTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0";

    private static Follower follower(double sample) {
        return new Follower(
                new TracingConfig(Optional.empty(), Map.of(), sample, 100),
                "n",
                "1",
                FlowClock.system(),
                Meters.none(),
                Optional.empty());
    }

    @Test
    void follows_aShareOfReadings_isThatShare() {
        Follower follower = follower(0.01);
        int followed = 0;
        for (long i = 0; i < 1_000_000; i++) {
            followed += follower.follows("d", i << 14, null) ? 1 : 0;
        }
        // Six standard deviations of a binomial distribution.
        assertThat(followed).isBetween(9_400, 10_600);
    }

    @Test
    void follows_withoutAShare_followsOnlyWhomItIsTold() throws Exception {
        Follower follower = follower(0);
        follower.devices().add("k1", Duration.ofMinutes(1));
        assertThat(follower.follows("k1", 1, null)).isTrue();
        assertThat(follower.follows("k2", 1, null)).isFalse();
        assertThat(follower.follows("k2", 1, PARENT + "1")).isTrue();
        assertThat(follower.follows("k2", 1, PARENT + "0")).isFalse();
        assertThat(follower.follows("k2", 1, "nonsense")).isFalse();
        follower.close();
    }

    @Test
    void follows_ofAnyReading_allocatesNothing() {
        Follower follower = follower(0.001);
        follower.devices().add("k1", Duration.ofMinutes(1));
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 100_000; i++) {
                follower.follows("k2", i, null);
            }
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        // What asking itself costs.
        assertThat(least).isLessThan(1_000);
    }

    @Test
    void begin_withParent_isPartOfItsTrace() throws Exception {
        Follower follower = follower(0);
        Span span = Objects.requireNonNull(follower.begin("s", "a", PARENT + "1", 1));
        assertThat(span.traceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
        assertThat(span.traceparent()).startsWith("00-" + span.traceId() + "-").endsWith("-01");
        assertThat(Objects.requireNonNull(follower.begin("s", "a", "nonsense", 1))
                        .traceId())
                .hasSize(32)
                .isNotEqualTo(span.traceId());
        follower.close();
    }

    @Test
    void spans_longTextsOfDevices_areCut() throws Exception {
        Follower follower = follower(0);
        Objects.requireNonNull(follower.begin("s", "x".repeat(10_000), null, 1)).end();
        assertThat(follower.kept()
                        .traces()
                        .getFirst()
                        .getFirst()
                        .getAttributes()
                        .asMap()
                        .values())
                .allMatch(value -> value.toString().length() <= 256);
        follower.close();
    }

    @Test
    void spans_moreThanAreKept_pushTheOldestOut() throws Exception {
        Follower follower = follower(0);
        Span root = Objects.requireNonNull(follower.begin("s", "a", null, 1));
        for (int i = 0; i < KeptSpans.MOST + 10; i++) {
            root.part("p" + i).end();
        }
        assertThat(follower.kept().traces().getFirst()).hasSize(KeptSpans.MOST);
        assertThat(follower.kept().traces().getFirst().getLast().getName()).isEqualTo("p10");
        follower.close();
    }
}
