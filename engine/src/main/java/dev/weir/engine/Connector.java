package dev.weir.engine;

import dev.weir.engine.access.Access;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Shape;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A protocol: what `connect/<protocol>/` gives to the node, found through `ServiceLoader`.
/// Everything about it is data (name, options, guarantees), from which come config checks,
/// documentation and the JSON Schema.
public interface Connector {
    /// The tag in the config: `mqtt`, `coap`, `webhook`. Two connectors may have the same name if
    /// one is a source and the other a sink.
    String name();

    /// What it connects to, in a sentence or two of Markdown, for the reference.
    String about();

    /// A config that works, in YAML, for the reference: what stands under `sources:` or `sinks:`.
    String example();

    /// How it can be a source, if it can.
    default Optional<SourceType> source() {
        return Optional.empty();
    }

    /// How it can be a sink, if it can.
    default Optional<SinkType> sink() {
        return Optional.empty();
    }

    /// The actions that it gives to rules.
    default List<ActionType> actions() {
        return List.of();
    }

    /// How a protocol is a source.
    ///
    /// @param shape its options
    /// @param delivery what its `ack:` is worth
    /// @param listens on what its options `listen` are ports
    /// @param factory makes it
    record SourceType(Shape shape, Delivery delivery, Listens listens, SourceFactory factory) {}

    /// How a protocol is a sink.
    ///
    /// @param shape its options
    /// @param delivery what a reading that it confirmed is worth
    /// @param factory makes it
    record SinkType(Shape shape, Delivery delivery, SinkFactory factory) {}

    /// What is delivered, for the reference. Sentences, in Markdown.
    ///
    /// @param guarantee how often a message arrives, in which order, and what its acknowledgement
    ///     says
    /// @param lost what destroys that
    record Delivery(String guarantee, String lost) {}

    /// On what a source listens, so that two doors on one port are found before the system does.
    enum Listens {
        /// On TCP ports.
        TCP,
        /// On UDP ports.
        UDP,
        /// Nowhere: it connects, or it reads.
        NOWHERE
    }

    /// An action that a rule can take.
    ///
    /// The engine itself knows the options `payload` (a template; the reading as JSON when left
    /// out) and `expires`; `shape` has only those beyond them.
    ///
    /// @param name the tag in `do:`: `publish`, `coap`, `webhook`
    /// @param address the option that says where to; a template that the engine renders
    /// @param place what kind of address it is
    /// @param shape its options, `address` among them
    /// @param delivery what a command that was carried out is worth
    /// @param factory makes what carries the commands out
    record ActionType(
            String name,
            String address,
            Template.Place place,
            Shape shape,
            Delivery delivery,
            ActuatorFactory factory) {}

    /// Makes a source from checked options. Touches nothing outside; what the shape could not
    /// check becomes a problem.
    @FunctionalInterface
    interface SourceFactory {
        Source create(Section options, Surroundings surroundings, Problems problems);
    }

    /// Makes a sink from checked options. Touches nothing outside; what the shape could not check
    /// becomes a problem.
    @FunctionalInterface
    interface SinkFactory {
        Sink create(Section options, Surroundings surroundings, Problems problems);
    }

    /// Makes an actuator from checked options. Touches nothing outside; what the shape could not
    /// check becomes a problem.
    /// Options equal but for address and payload should share an actuator: the engine calls this
    /// once for each action.
    @FunctionalInterface
    interface ActuatorFactory {
        Actuator create(Section options, Surroundings surroundings, Problems problems);
    }

    /// What a connector may know of the node it is in.
    ///
    /// @param node the node's name
    /// @param name the name that the config gives to this source, sink or rule
    /// @param data a folder of its own that it may create and use
    /// @param meters where it counts
    /// @param latest the last reading of each device
    /// @param sources the sources constructed so far, by name: an actuator may work through one
    ///     (its own broker). It has to ask each time, since a source that has failed is replaced
    /// @param access who may come in, and do what
    /// @param upgrades the node's HTTP port
    record Surroundings(
            String node,
            String name,
            Path data,
            Meters meters,
            Latest latest,
            Map<String, Source> sources,
            Access access,
            Upgrades upgrades) {
        public Surroundings {
            sources = Collections.unmodifiableMap(sources);
        }
    }
}
