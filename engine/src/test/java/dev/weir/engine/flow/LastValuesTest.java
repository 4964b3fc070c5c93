package dev.weir.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.Reading;
import dev.weir.engine.Schema;
import dev.weir.runtime.Lane;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LastValuesTest {
    private final Schema schema = FlowRig.schema("p");
    private final LastValues latest = new LastValues(16);

    private Reading reading(String device, long received) {
        return new Reading(schema, device, 0, received, "in", 1, received, Lane.SAMPLE);
    }

    @Test
    void find_afterUpdates_givesTheLast() {
        latest.update(reading("a", 1));
        var last = reading("a", 2);
        latest.update(last);
        assertThat(latest.find("p", "a")).containsSame(last);
        assertThat(latest.find("p", "b")).isEmpty();
        assertThat(latest.find("q", "a")).isEmpty();
        assertThat(latest.streams()).containsExactly("p");
    }

    @Test
    void update_beyondTheBound_forgetsTheDevicesSilentForLongest() {
        for (int i = 0; i < 16; i++) {
            latest.update(reading("d" + i, 100 + i));
        }
        latest.update(reading("d0", 200));
        latest.update(reading("new", 201));
        assertThat(latest.of("p"))
                .hasSize(15)
                .extracting(Reading::device)
                .contains("d0", "new")
                .doesNotContain("d1", "d2");
    }

    @Test
    void update_byManyDevices_staysWithinTheBound() {
        for (int i = 0; i < 10_000; i++) {
            latest.update(reading("d" + i, i));
            assertThat(latest.of("p").size()).isLessThanOrEqualTo(16);
        }
    }

    @Test
    void watch_beforeTheDeviceIsKnown_isToldOfEachChangeUntilClosed() {
        var told = new AtomicInteger();
        try (var _ = latest.watch("p", "a", told::incrementAndGet)) {
            latest.update(reading("b", 1));
            latest.update(reading("a", 2));
            for (int i = 0; i < 100; i++) {
                latest.update(reading("x" + i, 3 + i));
            }
            assertThat(latest.find("p", "a")).isPresent();
            latest.update(reading("a", 200));
        }
        latest.update(reading("a", 201));
        assertThat(told.get()).isEqualTo(2);
    }

    @Test
    void watch_withListenerThatThrows_harmsNobody() {
        try (var _ = latest.watch("p", "a", () -> {
            throw new IllegalStateException("listener");
        })) {
            latest.update(reading("a", 1));
            latest.update(reading("a", 2));
            assertThat(latest.find("p", "a").orElseThrow().received()).isEqualTo(2);
        }
    }
}
