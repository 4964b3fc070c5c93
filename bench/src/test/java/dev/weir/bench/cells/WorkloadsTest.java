package dev.weir.bench.cells;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.runtime.Scheduler;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The workloads do what they say for ours and for the JDK's queues; each checks its own sum.
final class WorkloadsTest {
    private static final List<String> WITHOUT_SELECT = List.of(
            "spsc-128",
            "spsc-0",
            "mpmc-8-128",
            "mpmc-8-0",
            "mpmc-100-128",
            "uncontended",
            "ping-pong",
            "spawn",
            "spawn-burst",
            "batch-receive",
            "batch-both");

    static Stream<Arguments> workloads() {
        return WITHOUT_SELECT.stream()
                .flatMap(name -> Stream.of(
                        Arguments.of(name, new WeirLibrary(Scheduler.shared())),
                        Arguments.of(name, new QueueLibrary())));
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void run_ofAnyLibrary_movesEveryElement(String name, Library library) throws InterruptedException {
        assertThat(run(name, library)).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"select-8", "select-2", "select-ready", "select-timeout", "select-timeout-waits"})
    void run_ofSelects_movesEveryElement(String name) throws InterruptedException {
        assertThat(run(name, new WeirLibrary(Scheduler.shared()))).isPositive();
    }

    @Test
    void named_withUnknownName_namesIt() {
        assertThatThrownBy(() -> new Workloads(new QueueLibrary()).named("spsc"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'spsc'");
    }

    private static Long run(String name, Library library) throws InterruptedException {
        LinkedBlockingQueue<Long> took = new LinkedBlockingQueue<>();
        Workload workload = new Workloads(library).named(name);
        library.go(() -> took.add(workload.run(Workload.UNIT)));
        return took.poll(1, TimeUnit.MINUTES);
    }
}
