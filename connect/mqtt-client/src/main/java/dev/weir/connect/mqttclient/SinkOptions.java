package dev.weir.connect.mqttclient;

import dev.weir.engine.Template;
import dev.weir.engine.config.Kind;
import dev.weir.engine.config.Option;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a sink is told by the config.
///
/// @param topic where to publish
/// @param payload what; the reading as JSON when empty
/// @param contentType what MQTT 5 says of the payload
/// @param inFlight how many messages may wait for their acknowledgement
record SinkOptions(
        LinkOptions link,
        Template topic,
        Optional<Template> payload,
        @Nullable String contentType,
        int qos,
        boolean retain,
        int inFlight) {
    static final Shape SHAPE = shape();

    private static Shape shape() {
        List<Option> options = new ArrayList<>(LinkOptions.options());
        options.addAll(List.of(
                Option.required(
                        "topic",
                        new Kind.Template(),
                        "Where to publish; `{variables}` are filled from the reading, one level each"),
                Option.optional("payload", new Kind.Template(), "What to publish; the reading as JSON when left out"),
                Option.optional(
                        "content-type",
                        new Kind.Text(),
                        "The payload's media type, MQTT 5 only; `application/json` when `payload` is left out"),
                Option.defaulted(
                        "qos",
                        new Kind.Whole(0, 2),
                        "1",
                        "The quality of service; with 0 a reading counts as delivered when it is handed to TCP"),
                Option.defaulted("retain", new Kind.Flag(), "false", "Whether the broker keeps the last of each topic"),
                Option.defaulted(
                        "in-flight",
                        new Kind.Whole(1, 10_000),
                        "100",
                        "How many messages may wait for their acknowledgement, unless the broker allows fewer")));
        return new Shape("Publishes readings at another MQTT broker", options);
    }

    /// @param clientId what to use when the config does not say
    static SinkOptions of(Section options, String clientId, Problems problems) {
        String topic = options.text("topic");
        if (topic.isEmpty() || topic.startsWith("$") || topic.matches(".*[+#].*")) {
            problems.error(
                    options.at("topic"),
                    "'" + topic + "' is no topic to publish to: it must not be empty, begin with $ or contain + or #");
        }
        boolean json = !options.has("payload");
        return new SinkOptions(
                LinkOptions.of(options, clientId, problems),
                Template.parse(topic, Template.Place.TOPIC),
                json ? Optional.empty() : Optional.of(Template.parse(options.text("payload"), Template.Place.PAYLOAD)),
                options.has("content-type") ? options.text("content-type") : json ? "application/json" : null,
                options.integer("qos"),
                options.flag("retain"),
                options.integer("in-flight"));
    }
}
