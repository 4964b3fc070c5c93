package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.Meters;
import dev.weir.runtime.Channel;
import dev.weir.runtime.Scheduler;
import dev.weir.runtime.inspect.Lookout;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NodeLookoutTest {
    private final Map<String, LongAdder> counted = new ConcurrentHashMap<>();
    private final Meters meters = new Meters() {
        @Override
        public LongAdder counter(String name, String about, String... labels) {
            return counted.computeIfAbsent(name + List.of(labels), _ -> new LongAdder());
        }

        @Override
        public void gauge(String name, String about, LongSupplier value, String... labels) {}
    };

    private long found(String kind) {
        LongAdder count = counted.get("weir_thread_findings[kind, " + kind + "]");
        return count == null ? 0 : count.sum();
    }

    @Test
    void start_withASenderThatNobodyServes_countsItOnce() throws Exception {
        var limits = new Lookout.Limits(
                Duration.ofMillis(5), Duration.ofMillis(10), Double.MAX_VALUE, 20_000, Duration.ofMinutes(10));
        Channel<Integer> full = Channel.bounded(1);
        full.send(1);
        Thread sender = Scheduler.go("sends-in-vain", () -> {
            try {
                full.send(2);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try (Lookout lookout = NodeLookout.start(meters, limits)) {
            while (found("blocked") == 0) {
                Thread.onSpinWait();
            }
            assertThat(lookout).isNotNull();
        }
        assertThat(found("blocked")).isEqualTo(1);
        sender.interrupt();
        sender.join();
    }
}
