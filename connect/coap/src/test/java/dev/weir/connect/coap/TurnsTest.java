package dev.weir.connect.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.engine.Connector;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TurnsTest {
    private static final int LIMIT = Integer.MAX_VALUE;

    @Test
    void add_manyKeys_runsEachInItsOrder() {
        ConcurrentLinkedQueue<Integer> ran = new ConcurrentLinkedQueue<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Turns<Integer> turns = new Turns<>(executor);
            for (int i = 0; i < 20_000; i++) {
                int task = i;
                turns.add(i % 7, () -> ran.add(task), LIMIT);
            }
        }
        assertThat(ran).hasSize(20_000);
        for (int key = 0; key < 7; key++) {
            int wanted = key;
            assertThat(ran.stream().filter(task -> task % 7 == wanted).toList()).isSorted();
        }
    }

    @Test
    void add_beyondTheLimit_isRefusedForThatKeyOnly() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Turns<String> turns = new Turns<>(executor);
            Runnable waiting = () -> {
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            };
            assertThat(turns.add("a", waiting, 2)).isTrue();
            assertThat(turns.add("a", waiting, 2)).isTrue();
            assertThat(turns.add("a", waiting, 2)).isFalse();
            assertThat(turns.add("b", waiting, 2)).isTrue();
            gate.countDown();
        }
    }

    @Test
    void add_afterATaskThatFails_stillRuns() {
        List<String> ran = new ArrayList<>();
        Turns<String> turns = new Turns<>(Runnable::run);
        turns.add(
                "a",
                () -> {
                    turns.add("a", () -> ran.add("second"), LIMIT);
                    throw new IllegalStateException("first");
                },
                LIMIT);
        assertThat(ran).containsExactly("second");
    }

    @Test
    void add_refusedByTheExecutor_leavesNothingBehind() {
        Turns<String> turns = new Turns<>(_ -> {
            throw new RejectedExecutionException();
        });
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> turns.add("a", () -> {}, LIMIT)).isInstanceOf(RejectedExecutionException.class);
        }
    }

    @Test
    void serviceLoader_findsTheConnector() {
        assertThat(ServiceLoader.load(Connector.class).stream()
                        .map(provider -> provider.get().name()))
                .contains("coap");
    }
}
