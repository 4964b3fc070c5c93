package dev.weir.node.tracing;

import dev.weir.engine.LogLimiter;
import dev.weir.engine.Meters;
import dev.weir.runtime.Channel;
import dev.weir.runtime.Lane;
import dev.weir.runtime.ReceiveOnClosedException;
import dev.weir.runtime.Scheduler;
import dev.weir.runtime.SendOnClosedException;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.Level;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends spans to a collector, in batches, from a thread of its own. Whoever ends a span never
/// waits: what finds the queue full is dropped and counted. A batch is tried once, since a
/// collector that is away for longer than the queue lasts would cost the spans anyway.
final class SpanQueue {
    /// How many spans wait at most.
    static final int CAPACITY = 2048;

    /// How many are sent at once at most.
    static final int BATCH = 512;

    private static final Duration LINGER = Duration.ofMillis(500);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Logger LOG = LoggerFactory.getLogger(SpanQueue.class);

    /// Kept here, since the JDK forgets the level of a logger that nobody keeps. What the exporter
    /// says about a failure is in our own line.
    private static final java.util.logging.Logger EXPORTER = java.util.logging.Logger.getLogger("io.opentelemetry");

    private final URI collector;
    private final Channel<SpanData> queue = Channel.bounded(CAPACITY);
    private final LogLimiter rare = new LogLimiter(System::nanoTime);
    private final LongAdder exported;
    private final LongAdder overflow;
    private final LongAdder failed;
    private final ExecutorService executor;
    private final OtlpHttpSpanExporter exporter;
    private final Thread thread;

    /// Starts its thread; connects when there is something to send.
    SpanQueue(URI collector, Map<String, String> headers, Meters meters) {
        EXPORTER.setLevel(Level.OFF);
        this.collector = collector;
        this.exported = meters.counter("weir_tracing_spans_exported", "Spans that the collector has taken");
        this.overflow = dropped(meters, "overflow");
        this.failed = dropped(meters, "export-failed");
        this.executor = Executors.newThreadPerTaskExecutor(Scheduler.shared().factory(Lane.SAMPLE, "weir-otlp-"));
        OtlpHttpSpanExporterBuilder builder = OtlpHttpSpanExporter.builder()
                .setEndpoint(collector.toString())
                .setConnectTimeout(TIMEOUT)
                .setTimeout(TIMEOUT)
                .setCompression("gzip")
                .setRetryPolicy(null)
                .setExecutorService(executor);
        headers.forEach(builder::addHeader);
        this.exporter = builder.build();
        this.thread = Scheduler.shared().factory(Lane.SAMPLE, "weir-tracing-").newThread(this::run);
        thread.start();
    }

    private static LongAdder dropped(Meters meters, String reason) {
        return meters.counter(
                "weir_tracing_spans_dropped", "Spans that did not get to the collector", "reason", reason);
    }

    void add(SpanData span) {
        try {
            if (!queue.trySend(span)) {
                overflow.increment();
            }
        } catch (SendOnClosedException closing) {
            overflow.increment();
        }
    }

    private void run() {
        List<SpanData> batch = new ArrayList<>(BATCH);
        try {
            while (true) {
                batch.add(queue.receive());
                SpanData next = queue.tryReceive(LINGER);
                while (next != null) {
                    batch.add(next);
                    next = batch.size() < BATCH ? queue.tryReceive() : null;
                }
                send(batch);
                batch.clear();
            }
        } catch (ReceiveOnClosedException end) {
            send(batch);
        } catch (InterruptedException e) {
            failed.add(batch.size());
        }
    }

    private void send(List<SpanData> batch) {
        if (batch.isEmpty()) {
            return;
        }
        CompletableResultCode result =
                exporter.export(List.copyOf(batch)).join(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        if (result.isSuccess()) {
            exported.add(batch.size());
            return;
        }
        failed.add(batch.size());
        rare.due("export")
                .ifPresent(silent -> LOG.atWarn()
                        .addKeyValue("collector", collector)
                        .addKeyValue("reason", reason(result))
                        .addKeyValue("not-logged-before", silent)
                        .log("traces cannot be sent"));
    }

    private static String reason(CompletableResultCode result) {
        Throwable cause = result.getFailureThrowable();
        return cause == null
                ? "no answer within " + TIMEOUT.toSeconds() + " s"
                : Objects.toString(cause.getMessage(), cause.toString());
    }

    /// Sends what is queued, as far as that takes no longer than some seconds, and ends.
    void close() throws InterruptedException {
        queue.closeIfOpen();
        if (!thread.join(TIMEOUT.plusSeconds(1))) {
            thread.interrupt();
        }
        executor.shutdownNow();
        exporter.shutdown().join(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        boolean _ = thread.join(TIMEOUT);
    }
}
