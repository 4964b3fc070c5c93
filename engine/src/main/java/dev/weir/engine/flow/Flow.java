package dev.weir.engine.flow;

import dev.weir.engine.Inlet;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Everything that flows in a node: from the doors of its sources through pipelines and rules to
/// sinks and actuators. Owns all threads in between.
///
/// Life: constructed (touches nothing outside) → [#start] → sources are opened with [#inlet] →
/// sources are closed → [#close]. Start and close belong to one thread; all else is thread-safe.
public final class Flow {
    private static final Logger LOG = LoggerFactory.getLogger(Flow.class);

    private final FlowPlan plan;
    private final FlowParts parts;
    private final Halt halt = new Halt();
    private final Watchdog watchdog;
    private final List<Pipeline> pipelines = new ArrayList<>();
    private final Map<String, Outlet> outlets = new LinkedHashMap<>();
    private final Map<String, Intake> intakes = new LinkedHashMap<>();
    private final Finisher finisher;

    // only the thread that closes
    private boolean closed;
    private List<String> left = List.of();

    /// Puts a flow together.
    ///
    /// @throws IllegalArgumentException if the plan names something that it does not have, or has
    ///     a cycle
    public Flow(FlowPlan plan, FlowParts parts) {
        this(plan, parts, Vigilance.standard());
    }

    /// Puts a flow together whose threads are looked after in another way.
    ///
    /// @throws IllegalArgumentException if the plan names something that it does not have, or has
    ///     a cycle
    public Flow(FlowPlan plan, FlowParts parts, Vigilance vigilance) {
        this.plan = plan;
        this.parts = parts;
        this.watchdog = new Watchdog(parts.clock());
        for (SinkPlan sink : plan.sinks()) {
            outlets.put(sink.name(), new Outlet(sink, parts, vigilance));
        }
        var log = new RareLog(LOG, parts.clock());
        for (PipelinePlan pipeline : plan.ordered()) {
            pipelines.add(new Pipeline(pipeline, parts, vigilance, log, halt, watchdog));
        }
        this.finisher = new Finisher(pipelines, outlets.values(), parts, vigilance);
        connect();
    }

    private void connect() {
        Map<String, Stream> streams = new HashMap<>();
        for (Pipeline pipeline : pipelines) {
            List<Outlet> sinks = pipeline.plan().to().stream().map(this::outlet).toList();
            for (Stream stream : pipeline.streams()) {
                stream.connect(plan.rules().getOrDefault(stream.name(), List.of()), sinks);
                streams.put(stream.name(), stream);
            }
        }
        for (SourcePlan source : plan.sources()) {
            var routes = new Routes(
                    source.name(),
                    source.lane(),
                    pipelines.stream()
                            .filter(pipeline -> pipeline.plan().from().contains(source.name()))
                            .toList());
            intakes.put(
                    source.name(),
                    new Intake(
                            source.name(), plan.epoch(), parts, routes, () -> finisher.inputFinished(source.name())));
        }
        for (Pipeline pipeline : pipelines) {
            for (String input : pipeline.plan().from()) {
                Stream stream = streams.get(input);
                if (stream != null) {
                    stream.feed(pipeline);
                } else if (!intakes.containsKey(input)) {
                    throw new IllegalArgumentException(
                            "pipeline " + pipeline.name() + " is from '" + input + "', which does not exist");
                }
            }
        }
        for (String stream : plan.rules().keySet()) {
            if (!streams.containsKey(stream)) {
                throw new IllegalArgumentException("a rule is on '" + stream + "', which does not exist");
            }
        }
    }

    private Outlet outlet(String name) {
        Outlet outlet = outlets.get(name);
        if (outlet == null) {
            throw new IllegalArgumentException("sink '" + name + "' does not exist");
        }
        return outlet;
    }

    /// Opens the sinks and starts all threads. Blocks as long as the sinks take to open.
    ///
    /// @throws IOException if a sink cannot be opened; those opened before are closed again
    public void start() throws IOException, InterruptedException {
        var open = new ArrayList<Outlet>();
        for (Outlet outlet : outlets.values()) {
            try {
                outlet.start();
                open.add(outlet);
            } catch (IOException | InterruptedException | RuntimeException e) {
                for (Outlet before : open) {
                    before.close(0, parts.clock());
                }
                throw e;
            }
        }
        pipelines.forEach(pipeline -> pipeline.segments().forEach(Segment::start));
        watchdog.start();
        finisher.start();
    }

    /// The door of a source.
    ///
    /// @throws IllegalArgumentException if the plan has no such source
    public Inlet inlet(String source) {
        Intake intake = intakes.get(source);
        if (intake == null) {
            throw new IllegalArgumentException("source '" + source + "' does not exist");
        }
        return intake;
    }

    /// Ends the input of a pipeline for now: once everything that was handed over before is
    /// processed its stages let go of what they hold and close their windows; the result is there
    /// when also the sinks have confirmed all of it and the commands have their outcome. Does not
    /// block; readings may go on to come.
    ///
    /// @return fails if there is no such pipeline, if too much of this kind is under way, or if
    ///     the flow is closed
    public CompletableFuture<Void> closeWindows(String pipeline) {
        return finisher.closeWindows(pipeline);
    }

    /// Does that for all pipelines, from left to right.
    public CompletableFuture<Void> closeWindows() {
        return finisher.closeWindows();
    }

    /// Complete when everything that was handed over before has been processed, confirmed by the
    /// sinks and acted on. What stages hold stays there. Does not block.
    public CompletableFuture<Void> flush() {
        return finisher.flush();
    }

    /// Complete when all inputs of the pipeline have said that they are finished, its windows are
    /// closed, and all that is processed. Never, if one of its sources is a server.
    ///
    /// @throws IllegalArgumentException if there is no such pipeline
    public CompletableFuture<Void> finished(String pipeline) {
        return finisher.finished(pipeline);
    }

    /// Lets so many workers of a segment work at once from now on, where their number may follow
    /// the load. The order of a device's readings stays, and nothing moves. Does not block.
    ///
    /// @param segment its name: `climate`, `climate.2`
    /// @param workers cut to 1 and the most that the plan allows
    /// @param why for people
    /// @throws IllegalArgumentException if there is no such segment, or its number is fixed
    public void resize(String segment, int workers, String why) {
        Segment found = pipelines.stream()
                .flatMap(pipeline -> pipeline.segments().stream())
                .filter(each ->
                        each.name().equals(segment) && each.plan().first().isPresent())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "no segment '" + segment + "' has workers whose number may change"));
        found.resize(workers, Instant.ofEpochSecond(0, parts.clock().epochNanos()), why);
    }

    /// The balance now.
    public Ledger ledger() {
        var streams = new ArrayList<Ledger.StreamLine>();
        for (Pipeline pipeline : pipelines) {
            streams.add(pipeline.line());
            streams.addAll(pipeline.windowLines());
        }
        return new Ledger(intakes.values().stream().map(Intake::line).toList(), streams);
    }

    /// What it looks like now.
    public FlowState state() {
        return new FlowState(
                pipelines.stream().map(Pipeline::state).toList(),
                outlets.values().stream().map(Outlet::state).toList(),
                parts.commands().supervised());
    }

    /// What every queue and every stage can take at worst.
    public List<QueueBound> worstCase() {
        return WorstCase.of(pipelines, outlets.values(), parts);
    }

    /// Ends the flow; the sources must be closed before. From left to right everything that is
    /// queued is processed and written, as far as `deadline` allows; then threads are interrupted,
    /// and what is left is counted as dropped (`shutdown`), so that the [Ledger] still balances.
    /// Readings that stages hold are dropped too; windows stay open and give no results. Blocks
    /// little longer than `deadline`, whatever stages and sinks do. Does nothing the second time.
    ///
    /// @return the names of threads that did not end when interrupted; empty if all is well
    /// @throws InterruptedException if interrupted while it waits; what was not ended goes on
    public List<String> close(Duration deadline) throws InterruptedException {
        if (!closed) {
            closed = true;
            left = new Shutdown(parts.clock(), deadline)
                    .run(intakes.values(), finisher, pipelines, halt, outlets.values(), parts.commands(), watchdog);
        }
        return left;
    }
}
