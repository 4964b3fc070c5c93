package dev.weir.node;

import dev.weir.engine.Connector;
import dev.weir.engine.config.Kind;
import dev.weir.engine.config.Option;
import dev.weir.engine.config.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A file shape in which every kind occurs, so that the checks are tested whatever the protocols,
/// stages and rules of the day are called.
final class SampleShapes {
    private SampleShapes() {}

    static Shape file() {
        return NodeShape.of(List.of(new Mqtt(), new Coap(), new Webhook()), pipeline(), rule());
    }

    private static Shape pipeline() {
        Shape field = Shape.of(
                "A field.",
                Option.defaulted("type", Kind.choice("double", "long", "boolean", "string"), "double", "its type"),
                Option.optional("unit", new Kind.Text(), "its unit"));
        return Shape.of(
                "A chain of stages.",
                Option.required("from", Kind.texts(), "sources or streams"),
                Option.optional("topic", new Kind.Text(), "which addresses it takes"),
                Option.optional("device", new Kind.Text(), "the field that names the device"),
                Option.defaulted("decode", decode(), "json", "how the payload becomes fields"),
                Option.optional("fields", new Kind.MapOf(new Kind.Group(field)), "types and units"),
                Option.optional("stages", new Kind.ListOf(stage()), "what happens to a reading"),
                Option.defaulted("workers", workers(), "auto", "how many readings at once"),
                Option.defaulted("queue", new Kind.Whole(1, 1_000_000), "1024", "how many may wait"),
                Option.defaulted(
                        "overflow", Kind.choice("block", "drop-oldest", "drop-newest"), "block", "when it is full"),
                Option.defaulted("ordered", new Kind.Flag(), "true", "whether order is kept"),
                Option.defaulted("ratio", new Kind.Real(0, 1), "0.5", "a number, for the test of numbers"),
                Option.optional("timeout", Kind.span(), "the longest time for a reading"),
                Option.optional("to", Kind.texts(), "sinks"));
    }

    private static Kind decode() {
        Shape time = Shape.of(
                "The time.",
                Option.required("field", new Kind.Text(), "where it is"),
                Option.defaulted("unit", Kind.choice("s", "ms"), "ms", "its unit"));
        Shape json = Shape.of(
                "JSON.",
                Option.optional("time", new Kind.Either(new Kind.Text(), new Kind.Group(time)), "the time's field"));
        Map<String, Kind> tags = new LinkedHashMap<>();
        tags.put("json", new Kind.Group(json));
        tags.put("raw", new Kind.Group(Shape.of("Bytes.")));
        tags.put("senml-cbor", new Kind.Later());
        return new Kind.Tagged("decoder", tags, Shape.of(""));
    }

    private static Kind stage() {
        Shape window = Shape.of(
                "A window.",
                Option.required("tumbling", Kind.span(), "its length"),
                Option.defaulted("by", Kind.texts(), "[device]", "its key"),
                Option.required("as", new Kind.Text(), "the stream's name"),
                Option.required("emit", new Kind.MapOf(new Kind.Formula()), "its results"));
        Map<String, Kind> tags = new LinkedHashMap<>();
        tags.put("validate", new Kind.Formula());
        tags.put("filter", new Kind.Formula());
        tags.put("map", new Kind.MapOf(new Kind.Formula()));
        tags.put("window", new Kind.Group(window));
        Shape shared = Shape.of("Running.", Option.optional("workers", workers(), "how many at once"));
        return new Kind.Tagged("stage", tags, shared);
    }

    private static Kind workers() {
        return new Kind.Either(Kind.choice("auto"), new Kind.Whole(1, 64));
    }

    private static Shape rule() {
        Shape publish = Shape.of(
                "Publishes.",
                Option.required("topic", new Kind.Template(), "where to"),
                Option.optional("payload", new Kind.Template(), "what"));
        Shape raise = Shape.of(
                "Raises an alarm.",
                Option.required("severity", Kind.choice("low", "medium", "high"), "how bad"),
                Option.required("text", new Kind.Template(), "for people"));
        Map<String, Kind> tags = new LinkedHashMap<>();
        tags.put("publish", new Kind.Group(publish));
        tags.put("raise", new Kind.Group(raise));
        Kind actions = new Kind.ListOf(new Kind.Tagged("action", tags, Shape.of("")));
        return Shape.of(
                "A condition with memory.",
                Option.required("on", new Kind.Text(), "the stream"),
                Option.required("when", new Kind.Formula(), "begins"),
                Option.optional("until", new Kind.Formula(), "ends"),
                Option.optional("for", Kind.span(), "how long"),
                Option.defaulted("lane", NodeShape.lanes(), "state", "of its commands"),
                Option.optional("do", actions, "what is done"));
    }

    private record Mqtt() implements Connector {
        @Override
        public String name() {
            return "mqtt";
        }

        @Override
        public String about() {
            return "A sample.";
        }

        @Override
        public String example() {
            return "";
        }

        @Override
        public Optional<SourceType> source() {
            Shape shape = Shape.of(
                    "An MQTT server.",
                    Option.defaulted("listen", new Kind.Address(), "127.0.0.1:1883", "where it listens"),
                    Option.defaulted("max-packet", new Kind.Size(128, 1 << 28), "1MiB", "the largest packet"),
                    Option.defaulted("keep-alive", Kind.span(), "1m", "the longest silence"),
                    Option.optional("user", new Kind.Text(), "who may connect"),
                    Option.optional("password", new Kind.Secret(), "how they prove it"));
            return Optional.of(new SourceType(shape, NONE, Listens.TCP, (_, _, _) -> {
                throw new UnsupportedOperationException();
            }));
        }
    }

    private static final Connector.Delivery NONE = new Connector.Delivery("none", "all");

    private record Coap() implements Connector {
        @Override
        public String name() {
            return "coap";
        }

        @Override
        public String about() {
            return "A sample.";
        }

        @Override
        public String example() {
            return "";
        }

        @Override
        public Optional<SourceType> source() {
            Shape shape = Shape.of("A CoAP server.", Option.required("listen", new Kind.Address(), "where it listens"));
            return Optional.of(new SourceType(shape, NONE, Listens.TCP, (_, _, _) -> {
                throw new UnsupportedOperationException();
            }));
        }
    }

    private record Webhook() implements Connector {
        @Override
        public String name() {
            return "webhook";
        }

        @Override
        public String about() {
            return "A sample.";
        }

        @Override
        public String example() {
            return "";
        }

        @Override
        public Optional<SinkType> sink() {
            Shape shape = Shape.of(
                    "HTTP requests.",
                    Option.required("url", new Kind.Url(List.of("http", "https")), "where to"),
                    Option.optional("token", new Kind.Secret(), "the bearer token"));
            return Optional.of(new SinkType(shape, NONE, (_, _, _) -> {
                throw new UnsupportedOperationException();
            }));
        }
    }
}
