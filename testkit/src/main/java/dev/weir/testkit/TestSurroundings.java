package dev.weir.testkit;

import dev.weir.engine.Connector.Surroundings;
import dev.weir.engine.Latest;
import dev.weir.engine.Meters;
import dev.weir.engine.Reading;
import dev.weir.engine.Source;
import dev.weir.engine.Upgrades;
import dev.weir.engine.access.Access;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A node for a connector in a test: everybody may come in, nobody reads the meters, no device has
/// a last value, there is no HTTP port. What a test needs otherwise it puts in place of that.
public final class TestSurroundings {
    private TestSurroundings() {}

    /// The surroundings of a connector.
    ///
    /// @param name what the config calls the source or sink
    /// @param data its folder; need not exist
    public static Surroundings of(String name, Path data) {
        return new Surroundings(
                "test-node", name, data, Meters.none(), noLatest(), Map.of(), Access.open(), Upgrades.none());
    }

    /// The same with meters of the test.
    public static Surroundings with(Surroundings given, Meters meters) {
        return new Surroundings(
                given.node(),
                given.name(),
                given.data(),
                meters,
                given.latest(),
                given.sources(),
                given.access(),
                given.upgrades());
    }

    /// The same with sources that an actuator may work through.
    public static Surroundings with(Surroundings given, Map<String, Source> sources) {
        return new Surroundings(
                given.node(),
                given.name(),
                given.data(),
                given.meters(),
                given.latest(),
                sources,
                given.access(),
                given.upgrades());
    }

    /// The same with other rights.
    public static Surroundings with(Surroundings given, Access access) {
        return new Surroundings(
                given.node(),
                given.name(),
                given.data(),
                given.meters(),
                given.latest(),
                given.sources(),
                access,
                given.upgrades());
    }

    /// The same with an HTTP port.
    public static Surroundings with(Surroundings given, Upgrades upgrades) {
        return new Surroundings(
                given.node(),
                given.name(),
                given.data(),
                given.meters(),
                given.latest(),
                given.sources(),
                given.access(),
                upgrades);
    }

    /// Last values of a node that has heard nothing.
    public static Latest noLatest() {
        return new Latest() {
            @Override
            public Optional<Reading> find(String stream, String device) {
                return Optional.empty();
            }

            @Override
            public List<Reading> of(String stream) {
                return List.of();
            }

            @Override
            public List<String> streams() {
                return List.of();
            }

            @Override
            public Subscription watch(String stream, String device, Runnable listener) {
                return () -> {};
            }
        };
    }
}
