package dev.weir.node.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FollowedDevicesTest {
    private final AtomicLong now = new AtomicLong();
    private final FollowedDevices devices = new FollowedDevices(now::get);

    @Test
    void has_untilItsTimeIsOver_isTrue() {
        devices.add("k1", Duration.ofSeconds(10));
        now.set(9_999_999_999L);
        assertThat(devices.has("k1")).isTrue();
        assertThat(devices.has("k2")).isFalse();
        now.set(10_000_000_000L);
        assertThat(devices.has("k1")).isFalse();
        assertThat(devices.left()).isEmpty();
    }

    @Test
    void add_whenThereAreAsManyAsMayBe_isRefusedUntilOneIsOver() {
        for (int i = 0; i < FollowedDevices.MOST; i++) {
            assertThat(devices.add("k" + i, Duration.ofSeconds(10 + i))).isTrue();
        }
        assertThat(devices.add("more", Duration.ofSeconds(10))).isFalse();
        assertThat(devices.add("k0", Duration.ofSeconds(10))).isTrue();
        now.set(Duration.ofSeconds(10).toNanos());
        assertThat(devices.add("more", Duration.ofSeconds(10))).isTrue();
    }
}
