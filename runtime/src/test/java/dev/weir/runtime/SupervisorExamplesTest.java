package dev.weir.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.runtime.supervise.Backoff;
import dev.weir.runtime.supervise.Child;
import dev.weir.runtime.supervise.ChildContext;
import dev.weir.runtime.supervise.ChildState;
import dev.weir.runtime.supervise.InFlight;
import dev.weir.runtime.supervise.ShutdownReport;
import dev.weir.runtime.supervise.Strategy;
import dev.weir.runtime.supervise.Supervisor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The examples of the supervisors' documentation, which shows the marked regions.
@Timeout(30)
final class SupervisorExamplesTest {
    private final Channel<String> readings = Channel.bounded(64);
    private final List<String> stored = Collections.synchronizedList(new ArrayList<>());
    private final List<String> deadLetters = Collections.synchronizedList(new ArrayList<>());
    private int crashes;

    @Test
    void supervisor() throws Exception {
        // @start region="supervisor"
        var node = Supervisor.named("node")
                .strategy(Strategy.ONE_FOR_ONE)
                .backoff(Backoff.exponential(Duration.ofMillis(10), Duration.ofSeconds(30)))
                .child(Child.named("sensor", this::read).level(0).expected(IOException.class::isInstance))
                .child(Child.named("store", this::store).level(1).heartbeat(Duration.ofSeconds(1)))
                .deadline(Duration.ofSeconds(2)) // for each level
                .build();
        node.start(Context.background());
        // ... until the program is to end:
        until(() -> stored.size() >= 3);
        ShutdownReport report = node.stop(); // the sensor first, then the store
        if (!report.isClean()) {
            System.err.println(report.text()); // which threads did not end, and where they are
        }
        // @end
        assertThat(report.isClean()).as(report.text()).isTrue();
        assertThat(stored).startsWith("20.5", "20.5", "20.5");
        ChildState sensor = node.children().get(1);
        assertThat(sensor.expectedFailures()).isGreaterThanOrEqualTo(2);
    }

    private void read(ChildContext child) throws Exception {
        readings.send("20.5", child.context());
        throw new IOException("the line is lost"); // the next one tries again
    }

    private void store(ChildContext child) throws Exception {
        child.watch(readings); // what it receives is its heartbeat
        while (true) {
            stored.add(readings.receive(child.context()));
        }
    }

    @Test
    void inFlight() throws Exception {
        for (String reading : List.of("1", "bad", "2")) {
            readings.send(reading);
        }
        var supervisor = Supervisor.named("pipeline")
                .backoff(Backoff.none())
                .listener(_ -> {})
                .child(Child.named("worker", this::work)
                        .poison(String.class, 3, (element, _) -> deadLetters.add(element)))
                .build();
        supervisor.start(Context.background());
        until(() -> stored.size() == 2);
        assertThat(supervisor.stop().isClean()).isTrue();
        assertThat(stored).containsExactly("1", "2");
        assertThat(deadLetters).containsExactly("bad");
        assertThat(crashes).isEqualTo(3);
    }

    // @start region="in-flight"
    private void work(ChildContext child) throws Exception {
        InFlight<String> inFlight = child.inFlight(String.class);
        while (true) {
            String element = inFlight.handedOver().orElse(null); // what the predecessor fell over
            if (element == null) {
                element = readings.receive(child.context());
                inFlight.take(element);
            }
            process(element); // may throw: the successor goes on with the same element
            inFlight.done();
        }
    }
    // @end

    private void process(String element) {
        if (element.equals("bad")) {
            crashes++;
            throw new IllegalArgumentException(element);
        }
        stored.add(element);
    }

    private static void until(java.util.function.BooleanSupplier condition) {
        Running.until(condition);
    }
}
