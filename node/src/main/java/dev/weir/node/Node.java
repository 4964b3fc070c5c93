package dev.weir.node;

import dev.weir.engine.flow.Flow;
import dev.weir.engine.flow.Ledger;
import dev.weir.engine.flow.Live;
import dev.weir.engine.flow.Supervised;
import dev.weir.engine.rule.Alarm;
import dev.weir.node.Shutdown.Level;
import dev.weir.node.access.AdminToken;
import dev.weir.node.api.ApiModel;
import dev.weir.node.debug.LogLevels;
import dev.weir.node.store.DataFolder;
import dev.weir.node.store.Recorder;
import dev.weir.node.store.Store;
import dev.weir.node.store.StoreSettings;
import dev.weir.node.tracing.Tracing;
import dev.weir.runtime.Scheduler;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;

/// A running node. Started from the far end, store first and sources last, so that nothing is
/// taken in before there is somewhere for it to go; stopped the other way round.
///
/// Thread-safe, except that one thread opens and closes it.
public final class Node {
    private static final Duration WINDOWS = Duration.ofMinutes(2);

    private final NodePlan plan;
    private final LogLevels logLevels;
    private final Store store;
    private final Tracing tracing;
    private final Recorder recorder;
    private final Flow flow;
    private final AdminToken admin;
    private final Sources sources;
    private final NodeApi api;
    private final Instant started = Instant.now();

    /// What is open.
    private final Shutdown shutdown = new Shutdown();

    /// The sources that do not listen yet.
    private final List<String> waiting;

    private Node(NodePlan plan, LogLevels logLevels) throws IOException, InterruptedException {
        this.plan = plan;
        this.logLevels = logLevels;
        this.waiting = new CopyOnWriteArrayList<>(plan.sources().keySet());
        NodeParts parts = plan.parts();
        Shutdown.Times times = plan.times();
        closing(Level.METRICS, "metrics", times.quick(), parts.meters()::close);
        plan.actuators()
                .all()
                .forEach((name, actuator) -> closing(Level.ACTUATORS, name, times.quick(), actuator::close));
        try {
            DataFolder folder = DataFolder.open(plan.config().data());
            closing(Level.STORE, "data folder", times.quick(), folder::close);
            // Again, now that nobody else may change them.
            plan.access().load();
            admin = AdminToken.open(folder.path());
            store = Store.open(folder, settings(plan.config()), Clock.systemUTC(), parts.meters());
            shutdown.add(Level.STORE, "store", times.disk(), _ -> store.stop());
            recorder = new Recorder(store, parts.meters());
            shutdown.add(Level.STORE, "recorder", times.disk(), _ -> recorder.stop());
            parts.record(recorder);
            restore();
            tracing = openTracing();
            closing(Level.TRACING, "tracing", times.network(), tracing::close);
            flow = new Flow(plan.flow(store.epoch(), store.sink()), parts.forFlow(tracing.tracer()), plan.vigilance());
            flow.start();
            shutdown.add(Level.FLOW, "flow", times.network(), flow::close);
            NodeGauges.register(plan, flow, parts.meters());
            SchedulerGauges.register(Scheduler.shared(), parts.meters());
            closing(Level.FLOW, "lookout", times.quick(), NodeLookout.start(parts.meters())::close);
            closing(Level.FLOW, "tuner", times.network(), openTuner()::close);
            sources = new Sources(
                    new Sources.Makers(plan::source, plan::renew, flow::inlet),
                    parts.meters(),
                    plan.vigilance(),
                    times.sources());
            shutdown.add(Level.SOURCES, "sources", times.sources().plus(times.quick()), _ -> sources.close());
            api = new NodeApi(
                    plan.config().api(), model(), parts.mounts(), parts.meters(), plan.vigilance(), times.network());
            shutdown.add(Level.API, "api", times.network().plus(times.quick()), _ -> api.close());
            openApi();
            openSources();
        } catch (IOException | InterruptedException | RuntimeException e) {
            abandon(e);
            throw e;
        }
    }

    /// Starts a node and returns when devices can reach it.
    ///
    /// @param plan one whose config has no errors; used once
    /// @throws IOException if it cannot start; what was opened is closed again. Where the config
    ///     says what cannot be opened (a port that is taken) its problems say so too
    public static Node open(NodePlan plan) throws IOException, InterruptedException {
        return open(plan, LogLevels.FIXED);
    }

    /// The same, with log levels that can be changed over its API.
    public static Node open(NodePlan plan, LogLevels logLevels) throws IOException, InterruptedException {
        return new Node(plan, logLevels);
    }

    private interface Closing {
        void close() throws IOException, InterruptedException;
    }

    private void closing(Level level, String name, Duration spare, Closing closing) {
        shutdown.add(level, name, spare, _ -> {
            closing.close();
            return List.of();
        });
    }

    private static StoreSettings settings(NodeConfig config) {
        var section = config.root().group("store");
        return new StoreSettings(
                section.duration("retain"), section.whole("max-size"), section.integer("dead-letters"));
    }

    /// Brings back what was known when the node stopped: last values, and the alarms that are up.
    private void restore() throws IOException, InterruptedException {
        NodeParts parts = plan.parts();
        store.lastReadings(plan::stream, dev.weir.engine.flow.LastValues.DEVICES)
                .forEach(parts.latest()::update);
        List<Alarm> active = store.alarms(true, NodeParts.ALARMS);
        parts.alarms().restore(active);
        active.forEach(alarm -> plan.rules().stream()
                .filter(rule -> rule.name().equals(alarm.rule()))
                .forEach(rule -> rule.restore(alarm)));
    }

    private Tracing openTracing() {
        NodeParts parts = plan.parts();
        return plan.config()
                .tracing()
                .map(config -> Tracing.open(config, plan.config().node(), version(), parts.clock(), parts.meters()))
                .orElseGet(Tracing::off);
    }

    private WorkerTuner openTuner() {
        int processors = Runtime.getRuntime().availableProcessors();
        return new WorkerTuner(flow, plan.parts().clock(), plan.parts().meters(), processors, WorkerTuner.WINDOW);
    }

    private ApiModel model() {
        NodeParts parts = plan.parts();
        return new ApiModel(
                plan.config().node(),
                version(),
                started,
                store,
                parts.latest(),
                parts.live(),
                parts.alarms(),
                parts.recent(),
                flow::state,
                this::parts,
                flow::ledger,
                parts.commands()::line,
                flow::closeWindows,
                this::complaints,
                parts.meters(),
                plan.access().credentials(),
                admin,
                logLevels,
                tracing);
    }

    private void openApi() throws IOException, InterruptedException {
        try {
            api.open();
        } catch (IOException e) {
            plan.config().couldNotOpenApi(String.valueOf(e.getMessage()));
            throw e;
        }
    }

    private void openSources() throws IOException, InterruptedException {
        for (String name : List.copyOf(plan.sources().keySet())) {
            try {
                sources.open(name);
            } catch (IOException e) {
                plan.config().couldNotOpen(name, String.valueOf(e.getMessage()));
                throw e;
            }
            waiting.remove(name);
        }
    }

    /// What is supervised and neither a pipeline nor a sink.
    private List<Supervised> parts() {
        List<Supervised> parts = besideFlow();
        parts.add(flow.state().actuators());
        return parts;
    }

    private List<Supervised> besideFlow() {
        List<Supervised> parts = new ArrayList<>(sources.state());
        parts.addAll(api.state());
        parts.add(store.state());
        parts.add(recorder.state());
        return parts;
    }

    /// Why it does not do all that it is there for; empty if it does.
    private List<String> complaints() {
        List<String> complaints = new ArrayList<>();
        waiting.forEach(name -> complaints.add("source " + name + " does not listen yet"));
        List<Supervised> all = besideFlow();
        all.addAll(flow.state().supervised());
        all.forEach(part -> part.complaint().ifPresent(complaints::add));
        return complaints;
    }

    static String version() {
        String version = Node.class.getPackage().getImplementationVersion();
        return version == null ? "0.1.0" : version;
    }

    /// Closes what is open already, also when interrupted.
    private void abandon(Exception reason) {
        boolean interrupted = Thread.interrupted();
        boolean closed = false;
        while (!closed) {
            try {
                shutdown.close(Duration.ZERO).forEach(left -> reason.addSuppressed(new IOException(left.toString())));
                closed = true;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Where people and programs find it.
    public List<String> entrances() {
        List<String> lines = new ArrayList<>();
        lines.add("node " + plan.config().node() + " is up: " + url());
        plan.config().sources().forEach((name, tag) -> lines.add("  " + name + ": " + Listeners.shown(tag)));
        return lines;
    }

    /// The root of the HTTP interface, with a slash at the end.
    public URI url() {
        return URI.create("http://" + api.listen() + "/");
    }

    /// The past.
    public Store store() {
        return store;
    }

    /// What happens, as it happens.
    public Live live() {
        return plan.parts().live();
    }

    /// What came in and what became of it.
    public Ledger ledger() {
        return flow.ledger();
    }

    /// What rules had done.
    public dev.weir.engine.flow.Commands.Line commands() {
        return plan.parts().commands().line();
    }

    /// Closes the windows of all pipelines, and returns when everything taken in so far is
    /// processed and all sinks have confirmed it.
    ///
    /// @throws IOException if that did not work, or takes longer than two minutes
    public void closeWindows() throws IOException, InterruptedException {
        try {
            flow.closeWindows().get(WINDOWS.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException("windows could not be closed: " + e.getCause(), e.getCause());
        } catch (java.util.concurrent.TimeoutException e) {
            throw new IOException("windows were not closed within " + WINDOWS, e);
        }
    }

    /// Takes nothing more in, processes what is queued as far as four fifths of `deadline` allow,
    /// and closes everything: sources, flow, API, tracing, store, actuators. Windows stay open and
    /// give no results. Does nothing the second time.
    ///
    /// What hangs is interrupted, named and left behind, and what is behind it is closed all the
    /// same. Sources have 12 s of their own before the deadline begins. Each part that hangs may
    /// take some seconds beyond it: one the actuators together, five the flow, the API and tracing,
    /// ten the store and the recorder.
    ///
    /// @param deadline zero to drop what is queued
    /// @return what did not end in order; also in the log
    /// @throws InterruptedException if interrupted while it waits; the next call closes the rest
    public List<Unstopped> close(Duration deadline) throws InterruptedException {
        return shutdown.close(deadline);
    }
}
