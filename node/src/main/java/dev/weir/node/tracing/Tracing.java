package dev.weir.node.tracing;

import dev.weir.engine.Meters;
import dev.weir.engine.Tracer;
import dev.weir.engine.flow.FlowClock;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Tracing of a node: on with `tracing:` in its config, else nothing. Thread-safe; one thread
/// closes it.
public sealed interface Tracing {
    /// How long a device is followed at most.
    Duration LONGEST = Duration.ofHours(1);

    /// Follows nothing.
    static Tracing off() {
        return new Off();
    }

    /// Begins. Connects to the collector only when there is something to send.
    ///
    /// @param node the node's name
    static Tracing open(TracingConfig config, String node, String version, FlowClock clock, Meters meters) {
        Optional<SpanQueue> queue = config.otlp().map(collector -> new SpanQueue(collector, config.headers(), meters));
        return new On(new Follower(config, node, version, clock, meters, queue));
    }

    /// What the engine asks.
    Tracer tracer();

    /// Follows all readings of a device from now on.
    Asked follow(String device, Duration time);

    /// The devices that are followed, and for how long still.
    Map<String, Duration> followed();

    /// The traces of late, as far as they are kept, the latest first; the spans of each the latest
    /// first too.
    List<List<SpanData>> traces();

    /// Sends what is left, which takes some seconds at most, and ends.
    void close() throws InterruptedException;

    /// What became of the wish to follow a device.
    enum Asked {
        /// It is followed.
        FOLLOWED,
        /// There is no `tracing:` in the config.
        OFF,
        /// As many devices are followed as may be.
        TOO_MANY
    }

    /// There is none.
    record Off() implements Tracing {
        @Override
        public Tracer tracer() {
            return Tracer.none();
        }

        @Override
        public Asked follow(String device, Duration time) {
            return Asked.OFF;
        }

        @Override
        public Map<String, Duration> followed() {
            return Map.of();
        }

        @Override
        public List<List<SpanData>> traces() {
            return List.of();
        }

        @Override
        public void close() {}
    }

    /// There is.
    record On(Follower follower) implements Tracing {
        @Override
        public Tracer tracer() {
            return follower;
        }

        @Override
        public Asked follow(String device, Duration time) {
            return follower.devices().add(device, time) ? Asked.FOLLOWED : Asked.TOO_MANY;
        }

        @Override
        public Map<String, Duration> followed() {
            return follower.devices().left();
        }

        @Override
        public List<List<SpanData>> traces() {
            return follower.kept().traces();
        }

        @Override
        public void close() throws InterruptedException {
            follower.close();
        }
    }
}
