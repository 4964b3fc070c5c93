package dev.weir.node;

import dev.weir.engine.Meters;
import dev.weir.engine.flow.Flow;
import dev.weir.engine.flow.FlowClock;
import dev.weir.engine.flow.FlowState.PipelineState;
import dev.weir.engine.flow.FlowState.Sampled;
import dev.weir.engine.flow.FlowState.SegmentState;
import dev.weir.engine.size.Adaptation;
import dev.weir.runtime.Lane;
import dev.weir.runtime.Scheduler;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets the numbers of workers follow the load, where the config says `workers: auto`: looks at the
/// flow every few seconds, in a thread of its own, and asks an [Adaptation] for each segment. One
/// thread opens and closes it.
final class WorkerTuner {
    /// How long it looks before it decides; a change comes after one to three of these.
    static final Duration WINDOW = Duration.ofSeconds(10);

    /// Below two, a reading on which a worker hangs would stop all devices until it is replaced.
    private static final int LEAST = 2;

    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Logger LOG = LoggerFactory.getLogger(WorkerTuner.class);

    private final Flow flow;
    private final FlowClock clock;
    private final Meters meters;
    private final int processors;
    private final Duration window;
    private final CountDownLatch closed = new CountDownLatch(1);

    /// By segment, as many as the config has. Only the thread.
    private final Map<String, Adaptation> adaptations = new HashMap<>();

    private final Thread thread;

    /// @param window how long it looks before it decides
    WorkerTuner(Flow flow, FlowClock clock, Meters meters, int processors, Duration window) {
        this.flow = flow;
        this.clock = clock;
        this.meters = meters;
        this.processors = processors;
        this.window = window;
        this.thread = Scheduler.shared().factory(Lane.SAMPLE, "weir-tuner-").newThread(this::run);
        thread.start();
    }

    private void run() {
        long pause = Math.min(PAUSE.toNanos(), window.toNanos());
        try {
            while (!closed.await(pause, TimeUnit.NANOSECONDS)) {
                flow.state().pipelines().forEach(this::look);
            }
        } catch (InterruptedException end) {
            LOG.debug("the tuner was interrupted");
        } catch (RuntimeException e) {
            LOG.atWarn().setCause(e).log("the numbers of workers do not follow the load any more");
        }
    }

    private void look(PipelineState pipeline) {
        for (SegmentState segment : pipeline.segments()) {
            if (segment.workforce().first().isPresent()) {
                look(segment, pipeline.counts().accepted());
            }
        }
    }

    private void look(SegmentState segment, long arrived) {
        int most = segment.workforce().workers();
        Adaptation adaptation = adaptations.computeIfAbsent(
                segment.name(),
                _ -> new Adaptation(new Adaptation.Limits(Math.min(LEAST, most), most, processors, window.toNanos())));
        double stages =
                segment.stageTimes().stream().mapToDouble(Sampled::meanNanos).sum();
        Sampled service = segment.service();
        adaptation
                .look(new Adaptation.Look(
                        clock.nanoTime(),
                        segment.workers(),
                        arrived,
                        segment.queued() >= segment.workforce().queue() / 2,
                        service.readings(),
                        service.meanNanos(),
                        service.deviationNanos(),
                        stages))
                .ifPresent(change -> resize(segment, change));
    }

    private void resize(SegmentState segment, Adaptation.Change change) {
        flow.resize(segment.name(), change.workers(), change.why());
        meters.counter("weir_segment_resizes", "Changes of the number of workers", "segment", segment.name())
                .increment();
        LOG.atInfo()
                .addKeyValue("segment", segment.name())
                .addKeyValue("from", segment.workers())
                .addKeyValue("to", change.workers())
                .addKeyValue("why", change.why())
                .log("number of workers changed");
    }

    /// Ends it; the numbers stay as they are.
    void close() throws InterruptedException {
        closed.countDown();
        if (!thread.join(PATIENCE)) {
            thread.interrupt();
        }
    }
}
