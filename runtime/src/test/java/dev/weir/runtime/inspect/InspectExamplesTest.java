package dev.weir.runtime.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.runtime.Channel;
import dev.weir.runtime.Context;
import dev.weir.runtime.Scheduler;
import dev.weir.runtime.SendOnClosedException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The examples of the documentation of this package, which show the marked regions.
@Timeout(30)
final class InspectExamplesTest {
    @Test
    void dump() throws Exception {
        Channel<String> requests = Channel.bounded(16);
        Thread worker = Scheduler.shared().start("worker", () -> requests.forEach(_ -> {}));
        Seen.waiting("worker");
        // @start region="dump"
        String why = Dump.take().text();
        // 1 × waiting: receive
        //   "worker" #31 weir/SAMPLE, started at com.acme.Server 12.1 s ago
        //     receive on Channel#7(length 0 of 16) for 12.0 s
        // @end
        assertThat(why).contains("\"worker\" #" + worker.threadId()).contains("receive on " + requests + " for ");
        requests.close();
        worker.join();
    }

    @Test
    void graph() {
        // @start region="graph"
        var graph = WaitGraph.take();
        if (graph.isDeadlock() || !graph.cycles().isEmpty()) {
            System.getLogger("stalls").log(System.Logger.Level.ERROR, graph.text());
        }
        // @end
        assertThat(graph.text()).isNotNull();
    }

    @Test
    void leaks() {
        // @start region="leaks"
        var report = LeakReport.take(Duration.ofMinutes(10));
        report.proven().forEach(leak -> System.getLogger("leaks").log(System.Logger.Level.ERROR, leak.toString()));
        report.suspected().forEach(leak -> System.getLogger("leaks").log(System.Logger.Level.WARNING, leak.toString()));
        // @end
        assertThat(report.proven()).isEmpty();
    }

    @Test
    void lookout() throws Exception {
        Channel<String> lines = Channel.bounded(1);
        Channel<Finding> found = Channel.bounded(16);
        var limits = new Lookout.Limits(Duration.ofMillis(20), Duration.ofMillis(50), 10, 1_000, Duration.ofHours(1));
        var sender = Scheduler.shared().start("reader", () -> sendTwo(lines));
        // @start region="lookout"
        try (var lookout = Lookout.start(Scheduler.shared(), Context.background(), limits, finding -> {
            System.getLogger("lookout").log(System.Logger.Level.WARNING, finding.text());
            found.trySend(finding);
        })) {
            // @end
            assertThat(lookout).isNotNull();
            Finding finding = found.receive();
            while (!(finding instanceof Finding.Blocked)) {
                finding = found.receive();
            }
            assertThat(finding.text()).startsWith("\"reader\" has waited to send on Channel#");
            // @start region="lookout"
            // the rest of the program
        }
        // @end
        lines.closeAndDrain();
        sender.join();
    }

    private static void sendTwo(Channel<String> lines) {
        try {
            lines.send("one");
            lines.send("two");
        } catch (InterruptedException | SendOnClosedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
