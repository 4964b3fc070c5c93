package dev.weir.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import dev.weir.engine.Message;
import dev.weir.engine.Reading;
import dev.weir.engine.Sink;
import dev.weir.engine.Span;
import dev.weir.engine.Tracer;
import dev.weir.engine.stage.Stage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class TracerTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /// Follows some devices, and writes down how their spans ended.
    private static final class Recording implements Tracer {
        final ConcurrentLinkedQueue<String> ended = new ConcurrentLinkedQueue<>();
        final AtomicInteger open = new AtomicInteger();

        @Override
        public boolean follows(String device, long sequence, @Nullable String parent) {
            return device.startsWith("followed");
        }

        @Override
        public Span begin(String source, String address, @Nullable String parent, long since) {
            return new Recorded(this, "receive " + source);
        }
    }

    private static final class Recorded implements Span {
        private final Recording of;
        private final String name;
        private final AtomicBoolean over = new AtomicBoolean();
        private final ConcurrentLinkedQueue<String> what = new ConcurrentLinkedQueue<>();

        Recorded(Recording of, String name) {
            this.of = of;
            this.name = name;
            of.open.incrementAndGet();
        }

        @Override
        public String traceId() {
            return "0af7651916cd43dd8448eb211c80319c";
        }

        @Override
        public String traceparent() {
            return "00-" + traceId() + "-b7ad6b7169203331-01";
        }

        @Override
        public Span part(String part) {
            return new Recorded(of, part);
        }

        @Override
        public Span partSinceMark(String part) {
            return part(part);
        }

        @Override
        public void mark() {}

        @Override
        public Span with(String key, String value) {
            if (key.equals("weir.outcome") || key.equals("weir.reason")) {
                what.add(value);
            }
            return this;
        }

        @Override
        public Span with(String key, long value) {
            return this;
        }

        @Override
        public Span failed(String reason) {
            return this;
        }

        @Override
        public void end() {
            if (over.compareAndSet(false, true)) {
                of.ended.add((name + " " + String.join(" ", what)).strip());
                of.open.decrementAndGet();
            }
        }
    }

    private interface Write {
        void write(List<Reading> batch) throws IOException, InterruptedException;
    }

    private static Sink sink(Write write) {
        return new Sink() {
            @Override
            public void open() {}

            @Override
            public void write(List<Reading> batch) throws IOException, InterruptedException {
                write.write(batch);
            }

            @Override
            public void close() {}
        };
    }

    private static FlowRig rig(Recording tracer, Stage stage, Sink sink) throws Exception {
        var rig = new FlowRig();
        rig.tracer = tracer;
        return rig.add(rig.draft("p").stage("odd", stage)).sink("out", sink).start();
    }

    @Test
    void reading_whateverBecomesOfIt_endsAllItsSpans() throws Exception {
        var tracer = new Recording();
        Stage stage = (reading, _) -> switch ((int) reading.whole(0)) {
            case 1 -> Stage.Verdict.FILTERED;
            case 2 -> Stage.Verdict.DUPLICATE;
            case 3 -> throw new IllegalStateException("three");
            default -> Stage.Verdict.PASS;
        };
        try (var rig = rig(tracer, stage, sink(batch -> {
            for (Reading reading : batch) {
                if (reading.whole(0) == 4) {
                    throw new Sink.Refused("four");
                }
            }
        }))) {
            for (String payload : List.of("0", "1", "2", "3", "4", "none")) {
                rig.send("followed-1", payload);
                rig.send("other", payload);
            }
            rig.flush();
            rig.awaitBalance();
        }
        assertThat(tracer.ended)
                .filteredOn(span -> span.startsWith("pipeline"))
                .containsExactlyInAnyOrder(
                        "pipeline p completed",
                        "pipeline p filtered",
                        "pipeline p duplicate",
                        "pipeline p stage-error dead-lettered",
                        "pipeline p refused dead-lettered");
        assertThat(tracer.ended).filteredOn(span -> span.equals("receive in")).hasSize(6);
        assertThat(tracer.open).hasValue(0);
    }

    @Test
    void readings_leftAtShutdown_endAllTheirSpans() throws Exception {
        var tracer = new Recording();
        var rig = rig(tracer, (_, _) -> Stage.Verdict.PASS, sink(_ -> Thread.sleep(60_000)));
        for (int i = 0; i < 10; i++) {
            rig.send("followed-" + i, String.valueOf(i));
        }
        rig.stop(Duration.ZERO);
        assertThat(tracer.open).hasValue(0);
        assertThat(tracer.ended)
                .filteredOn(span -> span.equals("pipeline p shutdown dropped"))
                .hasSize(10);
    }

    @Test
    void reading_completed_isNotKeptWithItsSpan() throws Exception {
        var tracer = new Recording();
        var written = new ConcurrentLinkedQueue<Reading>();
        try (var rig = rig(tracer, (_, _) -> Stage.Verdict.PASS, sink(written::addAll))) {
            rig.send("followed-1", "1");
            rig.flush();
        }
        assertThat(written).hasSize(1).allMatch(reading -> reading.trace() == null);
    }

    /// What nobody follows costs nothing: as many bytes as without a tracer.
    @Test
    void accept_ofWhatIsNotFollowed_allocatesNothingMore() throws Exception {
        long without = bytesForEach(Tracer.none());
        long with = bytesForEach(new Recording());
        // The smallest object has eight bytes; less is what the channels allocate now and then.
        assertThat(with).isCloseTo(without, within(4L));
    }

    /// Of the source's thread, which decodes and queues.
    private static long bytesForEach(Tracer tracer) throws Exception {
        var rig = new FlowRig();
        rig.tracer = tracer;
        long least = Long.MAX_VALUE;
        try (rig) {
            rig.add(rig.draft("p").workers(1, 8192, Overflow.BLOCK))
                    .sink("out", sink(_ -> {}))
                    .start();
            Message message = Message.of("t/other", "7".getBytes(StandardCharsets.UTF_8));
            for (int round = 0; round < 8; round++) {
                long before = THREADS.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 4_000; i++) {
                    rig.inlet().accept(message, _ -> {});
                }
                least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
                rig.flush();
            }
        }
        return least / 4_000;
    }
}
