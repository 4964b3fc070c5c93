package dev.weir.connect.mqttclient;

import dev.weir.engine.config.Kind;
import dev.weir.engine.config.Option;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Shape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What a source is told by the config.
///
/// @param topics the filters to subscribe to
/// @param receiveMaximum how many messages may be unacknowledged
/// @param maxHops how many nodes a message may have passed
record SourceOptions(
        LinkOptions link,
        List<String> topics,
        int qos,
        boolean cleanStart,
        Duration sessionExpiry,
        int receiveMaximum,
        int maxHops) {
    private static final int MAX_FILTER = 1000;

    static final Shape SHAPE = shape();

    SourceOptions {
        topics = List.copyOf(topics);
    }

    private static Shape shape() {
        List<Option> options = new ArrayList<>(LinkOptions.options());
        options.addAll(List.of(
                Option.required(
                        "topics",
                        Kind.texts(),
                        "The filters to subscribe to, 100 at most; `$share/GROUP/FILTER` shares the messages with the"
                                + " other members of the group"),
                Option.defaulted(
                        "qos",
                        new Kind.Whole(0, 2),
                        "1",
                        "The quality of service; 0 loses messages with the connection"),
                Option.defaulted(
                        "clean-start",
                        new Kind.Flag(),
                        "false",
                        "Whether the broker forgets at each connection what it kept meanwhile; messages are lost then"),
                Option.defaulted(
                        "session-expiry",
                        new Kind.Span(Duration.ZERO, Duration.ofDays(36_500)),
                        "1d",
                        "How long the broker keeps messages while the node is away; MQTT 5 only, with 3.1.1 the broker"
                                + " decides"),
                Option.defaulted(
                        "receive-maximum",
                        new Kind.Whole(1, 65_535),
                        "256",
                        "How many messages of QoS 1 and 2 may be unacknowledged. With MQTT 5 the broker is told; with 3.1.1, and"
                                + " after a broker of 5 sent more, the connection is not read beyond that"),
                Option.defaulted(
                        "max-hops",
                        new Kind.Whole(0, 255),
                        "4",
                        "How many nodes a message may have passed before; others go in circles and are counted as"
                                + " `loop`")));
        return new Shape("Subscribes at another MQTT broker", options);
    }

    /// @param clientId what to use when the config does not say
    static SourceOptions of(Section options, String clientId, Problems problems) {
        List<Section.Located<String>> topics = options.texts("topics");
        if (topics.isEmpty() || topics.size() > 100) {
            problems.error(options.at("topics"), "expected 1 to 100 filters, but there are " + topics.size());
        }
        topics.forEach(topic -> check(topic, problems));
        return new SourceOptions(
                LinkOptions.of(options, clientId, problems),
                topics.stream().map(Section.Located::value).toList(),
                options.integer("qos"),
                options.flag("clean-start"),
                options.duration("session-expiry"),
                options.integer("receive-maximum"),
                options.integer("max-hops"));
    }

    private static void check(Section.Located<String> topic, Problems problems) {
        String filter = topic.value();
        if (filter.startsWith("$share/")) {
            String[] parts = filter.split("/", 3);
            if (parts.length < 3 || parts[1].isEmpty() || parts[1].matches(".*[+#].*")) {
                problems.error(
                        topic.location(), "a shared subscription is $share/GROUP/FILTER, but was '" + filter + "'");
                return;
            }
            filter = parts[2];
        }
        List<String> levels = List.of(filter.split("/", -1));
        boolean valid = !filter.isEmpty() && filter.length() <= MAX_FILTER && filter.indexOf('\0') < 0;
        for (int i = 0; i < levels.size(); i++) {
            String level = levels.get(i);
            valid &= level.length() == 1 || (level.indexOf('+') < 0 && level.indexOf('#') < 0);
            valid &= !level.equals("#") || i == levels.size() - 1;
        }
        if (!valid) {
            problems.error(
                    topic.location(),
                    "'" + topic.value() + "' is no topic filter: + and # stand alone between slashes, # only at the"
                            + " end, and it has 1 to " + MAX_FILTER + " characters");
        }
    }
}
