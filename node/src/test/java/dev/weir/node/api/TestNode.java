package dev.weir.node.api;

import dev.weir.engine.Command;
import dev.weir.engine.Reading;
import dev.weir.engine.Schema;
import dev.weir.engine.config.HostPort;
import dev.weir.engine.flow.CommandOutcome;
import dev.weir.engine.flow.Commands;
import dev.weir.engine.flow.DeadLetter;
import dev.weir.engine.flow.FlowClock;
import dev.weir.engine.flow.FlowState;
import dev.weir.engine.flow.FlowState.PipelineState;
import dev.weir.engine.flow.FlowState.Sampled;
import dev.weir.engine.flow.FlowState.SegmentState;
import dev.weir.engine.flow.FlowState.SinkState;
import dev.weir.engine.flow.LastValues;
import dev.weir.engine.flow.Ledger;
import dev.weir.engine.flow.Live;
import dev.weir.engine.flow.LiveEvent;
import dev.weir.engine.flow.Overflow;
import dev.weir.engine.flow.Supervised;
import dev.weir.engine.flow.Workforce;
import dev.weir.engine.rule.Alarm;
import dev.weir.engine.rule.AlarmEvent;
import dev.weir.engine.rule.Alarms;
import dev.weir.engine.rule.Severity;
import dev.weir.node.access.AdminToken;
import dev.weir.node.access.Credentials;
import dev.weir.node.debug.LogLevels;
import dev.weir.node.store.DataFolder;
import dev.weir.node.store.Recorder;
import dev.weir.node.store.Store;
import dev.weir.node.store.StoreSettings;
import dev.weir.node.tracing.Tracing;
import dev.weir.node.tracing.TracingConfig;
import dev.weir.runtime.Lane;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// What the interface needs of a node: the real store, alarms and live feed, and a flow that stands
/// still.
final class TestNode implements AutoCloseable {
    static final Instant T0 = Instant.parse("2010-05-09T00:00:00Z");

    /// Retention is by event time, and begins some seconds after the start.
    private static final StoreSettings KEEPS_ALL = new StoreSettings(Duration.ofDays(365 * 40), 1L << 30, 10_000);

    final Schema climate = new Schema("climate");
    final PrometheusMeters meters = new PrometheusMeters();
    final LastValues latest = new LastValues(100);
    final Live live = new Live();
    final Alarms alarms = new Alarms(100, Clock.systemUTC());
    final Mounts mounts = new Mounts();
    final RecentCommands commands = new RecentCommands();
    final List<String> closed = new CopyOnWriteArrayList<>();
    final LogLevels logLevels = new FewLevels();
    final Tracing tracing = Tracing.open(
            new TracingConfig(Optional.empty(), Map.of(), 0, 100), "greenhouse-7", "0.1.0", FlowClock.system(), meters);
    final DataFolder folder;
    final Store store;
    final Recorder recorder;
    final Credentials credentials;
    final AdminToken admin;
    final ApiServer api;

    volatile List<String> notReady = List.of();

    TestNode(Path data) throws IOException {
        this(data, ApiSettings.on(new HostPort("127.0.0.1", 0)));
    }

    TestNode(Path data, ApiSettings settings) throws IOException {
        folder = DataFolder.open(data);
        store = Store.open(folder, KEEPS_ALL, Clock.systemUTC(), meters);
        credentials = new Credentials(data, Set.of("operator"), Clock.systemUTC());
        admin = AdminToken.open(data);
        recorder = new Recorder(store, meters);
        alarms.listen(recorder::alarm);
        alarms.listen(event -> live.publish(new LiveEvent.Alarmed(event)));
        api = ApiServer.start(settings, model(), mounts, meters, _ -> {});
    }

    private ApiModel model() {
        Ledger.StreamLine line =
                new Ledger.StreamLine("climate", false, 5, 2, 1, 0, Map.of("decode", 1L), Map.of("overflow", 1L), 0);
        Workforce force = new Workforce(2, 1024, Overflow.BLOCK);
        PipelineState pipeline = new PipelineState(
                "climate",
                List.of("devices"),
                List.of("store"),
                List.of(new SegmentState(
                        "climate",
                        List.of("validate"),
                        force,
                        2,
                        Optional.empty(),
                        0,
                        0,
                        0,
                        part("pipeline climate"),
                        new Sampled("climate", 640, 2_000_000, 1_000_000),
                        List.of(new Sampled("validate", 640, 500, 100)))),
                line,
                List.of());
        FlowState state = new FlowState(
                List.of(pipeline),
                List.of(new SinkState("store", force, 0, 0, 0, "", "", part("sink store"))),
                part("actuators"));
        Ledger ledger =
                new Ledger(List.of(new Ledger.SourceLine("devices", 6, 5, Map.of("too-large", 1L), 0)), List.of(line));
        return new ApiModel(
                "greenhouse-7",
                "0.1.0",
                Instant.now(),
                store,
                latest,
                live,
                alarms,
                commands,
                () -> state,
                () -> List.of(state.actuators()),
                () -> ledger,
                () -> new Commands.Line(1, 1, 0, Map.of(), Map.of(), 0),
                name -> {
                    closed.add(name);
                    return CompletableFuture.completedFuture(null);
                },
                () -> notReady,
                meters,
                credentials,
                admin,
                logLevels,
                tracing);
    }

    private static Supervised part(String name) {
        return new Supervised(
                name,
                Supervised.State.RUNNING,
                1,
                0,
                List.of(),
                Optional.of(new Supervised.Trouble(T0, "java.lang.IllegalStateException", "Stage.apply(Stage.java:1)")),
                Optional.empty());
    }

    Reading reading(String device, int sequence, double temperature) {
        long time = T0.plus(Duration.ofMinutes(sequence)).getEpochSecond() * 1_000_000_000L;
        Reading reading = new Reading(climate, device, time, time, "devices", 1, sequence, Lane.SAMPLE);
        reading.set(climate.slotFor("temperature"), temperature);
        return reading;
    }

    /// Twenty readings of two devices, an alarm, a command and a dead letter.
    void fill() throws IOException, InterruptedException {
        List<Reading> batch = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            batch.add(reading("m-1", i, 20.0 + i));
            batch.add(reading("m-2", i, 30.0 + i));
        }
        store.sink().write(batch);
        batch.forEach(latest::update);
        alarms.accept(new AlarmEvent.Raised(alarm("a1")));
        commands.add(commanded());
        recorder.deadLetter(new DeadLetter(T0, "climate", "devices", "", "t/m-1", "decode", "no JSON", "{\"temp"));
    }

    static Alarm alarm(String id) {
        return new Alarm(
                id,
                "too-hot",
                "m-2",
                "climate",
                Severity.HIGH,
                "m-2: 39 °C <script>alert(1)</script>",
                Lane.ALARM,
                T0,
                null,
                null,
                null,
                39.0,
                4);
    }

    static LiveEvent.Commanded commanded() {
        return new LiveEvent.Commanded(
                new Command("c1", "too-hot", "m-2", "fan/set", "{\"on\":true}", T0, Lane.ALARM),
                CommandOutcome.DONE,
                "");
    }

    @Override
    public void close() {
        api.close();
        recorder.close();
        store.close();
        folder.close();
        meters.close();
    }

    private static final class FewLevels implements LogLevels {
        private final Map<String, String> levels = new ConcurrentHashMap<>(Map.of("root", "info"));

        @Override
        public Map<String, String> levels() {
            return levels;
        }

        @Override
        public boolean set(String logger, String level) {
            levels.put(logger, level);
            return true;
        }
    }
}
