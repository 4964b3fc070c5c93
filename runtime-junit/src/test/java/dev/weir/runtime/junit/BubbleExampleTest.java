package dev.weir.runtime.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.runtime.Channel;
import dev.weir.runtime.Context;
import dev.weir.runtime.Select;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// The examples of [Bubble] and [VirtualTime].
final class BubbleExampleTest {
    // @start region="annotation"
    @Test
    @VirtualTime
    void heartbeat_thatIsMissed_isNoticedAfterThirtySeconds() throws Exception {
        var heartbeats = Channel.<String>unbuffered();

        String outcome = Select.select(
                Select.receive(heartbeats, beat -> "alive"), Select.timeout(Duration.ofSeconds(30), () -> "missed"));

        assertThat(outcome).isEqualTo("missed");
        assertThat(Bubble.nanoTime()).isEqualTo(30_000_000_000L); // and took no time at all
    }
    // @end

    @Test
    void bubble() throws Exception {
        // @start region="bubble"
        Bubble.run(() -> {
            try (var context = Context.background().withTimeout(Duration.ofHours(1))) {
                var told = new boolean[1];
                context.afterFunc(() -> told[0] = true);

                Bubble.sleep(Duration.ofMinutes(59));
                Bubble.settle(); // whatever could happen by now has happened
                assertThat(told[0]).isFalse();

                Bubble.sleep(Duration.ofMinutes(1));
                Bubble.settle();
                assertThat(told[0]).isTrue();
            }
        });
        // @end
    }
}
