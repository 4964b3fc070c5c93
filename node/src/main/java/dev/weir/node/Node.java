package dev.weir.node;

import dev.weir.engine.config.HostPort;
import dev.weir.engine.flow.Flow;
import dev.weir.engine.flow.Ledger;
import dev.weir.engine.flow.Live;
import dev.weir.engine.flow.Supervised;
import dev.weir.engine.rule.Alarm;
import dev.weir.node.access.AdminToken;
import dev.weir.node.api.ApiModel;
import dev.weir.node.api.ApiServer;
import dev.weir.node.api.ApiSettings;
import dev.weir.node.debug.LogLevels;
import dev.weir.node.store.DataFolder;
import dev.weir.node.store.Recorder;
import dev.weir.node.store.Store;
import dev.weir.node.store.StoreSettings;
import dev.weir.node.tracing.Tracing;
import dev.weir.runtime.Scheduler;
import dev.weir.runtime.inspect.Lookout;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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
    private final WorkerTuner tuner;
    private final AdminToken admin;
    private final Sources sources;
    private final ApiServer api;
    private final Instant started = Instant.now();

    /// What is to be closed, the last opened first.
    private final Deque<Step> steps = new ArrayDeque<>();

    /// The sources that do not listen yet.
    private final List<String> waiting;

    private interface Step {
        void close() throws IOException, InterruptedException;
    }

    private Node(NodePlan plan, LogLevels logLevels) throws IOException, InterruptedException {
        this.plan = plan;
        this.logLevels = logLevels;
        this.waiting = new CopyOnWriteArrayList<>(plan.sources().keySet());
        NodeParts parts = plan.parts();
        try {
            DataFolder folder = opened(DataFolder.open(plan.config().data()), DataFolder::close);
            // Again, now that nobody else may change them.
            plan.access().load();
            admin = AdminToken.open(folder.path());
            store = opened(
                    Store.open(folder, settings(plan.config()), Clock.systemUTC(), parts.meters()), Store::close);
            recorder = opened(new Recorder(store, parts.meters()), Recorder::close);
            parts.record(recorder);
            restore();
            tracing = opened(openTracing(), Tracing::close);
            flow = new Flow(plan.flow(store.epoch(), store.sink()), parts.forFlow(tracing.tracer()), plan.vigilance());
            flow.start();
            NodeGauges.register(plan, flow, parts.meters());
            SchedulerGauges.register(Scheduler.shared(), parts.meters());
            opened(NodeLookout.start(parts.meters()), Lookout::close);
            steps.push(() -> flow.close(Duration.ZERO));
            tuner = opened(openTuner(), WorkerTuner::close);
            sources = new Sources(
                    new Sources.Makers(plan::source, plan::renew, flow::inlet), parts.meters(), plan.vigilance());
            api = openApi();
            steps.push(api::close);
            steps.push(sources::close);
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

    private <T> T opened(T resource, Closing<T> closing) {
        steps.push(() -> closing.close(resource));
        return resource;
    }

    private interface Closing<T> {
        void close(T resource) throws IOException, InterruptedException;
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

    private ApiServer openApi() throws IOException {
        NodeParts parts = plan.parts();
        ApiModel model = new ApiModel(
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
        try {
            return ApiServer.start(ApiSettings.on(plan.config().api()), model, parts.mounts(), parts.meters());
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

    private void abandon(Exception reason) {
        while (!steps.isEmpty()) {
            try {
                steps.pop().close();
            } catch (IOException | RuntimeException e) {
                reason.addSuppressed(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
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
        HostPort listen = plan.config().api();
        return URI.create("http://" + new HostPort(listen.host(), api.port()) + "/");
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

    /// Takes nothing more in, processes what is queued as far as `deadline` allows, and closes
    /// everything. Windows stay open and give no results. Blocks a little longer than `deadline`
    /// at most. Does nothing the second time.
    ///
    /// @return what did not end in time
    public List<String> close(Duration deadline) throws InterruptedException {
        List<String> left = new ArrayList<>();
        left.addAll(sources.close());
        tuner.close();
        left.addAll(flow.close(deadline));
        while (!steps.isEmpty()) {
            try {
                steps.pop().close();
            } catch (IOException | RuntimeException e) {
                left.add(String.valueOf(e.getMessage()));
            }
        }
        for (var actuator : plan.actuators().all()) {
            actuator.close();
        }
        plan.parts().meters().close();
        return left;
    }
}
