package dev.weir.connect.nats;

import dev.weir.engine.config.Kind;
import dev.weir.engine.config.Option;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Shape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a source is told by the config.
///
/// @param subjects the filters to subscribe to; for a consumer that is made, which messages it has
/// @param queue the queue group, if there is one
/// @param consumer the JetStream consumer to pull from; empty for core NATS
/// @param receiveMaximum how many messages may wait or be unacknowledged
/// @param receiveBytes how many bytes may wait to be handed over
/// @param maxPayload the largest payload in bytes that is handed over
/// @param maxHops how many nodes a message may have passed
record SourceOptions(
        LinkOptions link,
        List<String> subjects,
        @Nullable String queue,
        Optional<Consumer> consumer,
        int receiveMaximum,
        long receiveBytes,
        int maxPayload,
        int maxHops) {
    private static final int MAX_SUBJECTS = 100;

    static final Shape SHAPE = shape();

    SourceOptions {
        subjects = List.copyOf(subjects);
    }

    /// A durable consumer of JetStream.
    ///
    /// @param all whether one that is made begins with the first message of the stream
    /// @param ackWait after how long a server sends again; for one that is made
    /// @param maxAckPending how many messages a server leaves unacknowledged; for one that is made
    record Consumer(String stream, String durable, boolean all, Duration ackWait, int maxAckPending) {}

    private static Shape shape() {
        List<Option> options = new ArrayList<>(LinkOptions.options());
        options.addAll(List.of(
                Option.optional(
                        "subjects",
                        Kind.texts(),
                        "What to subscribe to, 100 subjects at most that do not overlap; `*` stands for a token and `>`"
                                + " at the end for all that follow. With `stream`: what a consumer that is made is"
                                + " limited to, the whole stream when left out (more than one needs server 2.10)"),
                Option.optional(
                        "queue",
                        new Kind.Text(),
                        "The queue group: each message goes to one of its members. Not with `stream`, where members"
                                + " share a durable consumer"),
                Option.optional(
                        "stream",
                        new Kind.Text(),
                        "The JetStream stream to read, acknowledging each message; without, messages are taken as they"
                                + " fly by"),
                Option.optional(
                        "durable",
                        new Kind.Text(),
                        "The stream's durable pull consumer, which remembers what was acknowledged; made if it is not"
                                + " there, and otherwise used as it is"),
                Option.defaulted(
                        "deliver-policy",
                        Kind.choice("all", "new"),
                        "all",
                        "Where a consumer that is made begins: with all that the stream has, or with what is new"),
                Option.defaulted(
                        "ack-wait",
                        new Kind.Span(Duration.ofSeconds(1), Duration.ofHours(1)),
                        "10s",
                        "After how long the server sends again what a node that died had not acknowledged, for a"
                                + " consumer that is made. A node that lives asks for more time by itself; after an"
                                + " interruption it waits this long for unacknowledged messages, to keep the order"),
                Option.defaulted(
                        "max-ack-pending",
                        new Kind.Whole(1, 1_000_000),
                        "1000",
                        "How many messages the server hands out unacknowledged to all who share a consumer that is"
                                + " made"),
                Option.defaulted(
                        "receive-maximum",
                        new Kind.Whole(1, 65_535),
                        "256",
                        "How many messages may wait here; with `stream` also how many may be unacknowledged. What core"
                                + " NATS sends beyond that is dropped and counted as `slow-consumer`"),
                Option.defaulted(
                        "receive-bytes",
                        new Kind.Size(1024, 1 << 30),
                        "8MiB",
                        "How many bytes of messages may wait here, with the same consequence"),
                Option.defaulted(
                        "max-payload",
                        new Kind.Size(1, 64 << 20),
                        "1MiB",
                        "The largest message, in bytes; larger ones are counted as `too-large`, and JetStream is told to"
                                + " not send them again"),
                Option.defaulted(
                        "max-hops",
                        new Kind.Whole(0, 255),
                        "4",
                        "How many nodes a message may have passed before; others go in circles and are counted as"
                                + " `loop`")));
        return new Shape("Subscribes at a NATS server, or reads a JetStream stream", options);
    }

    /// @param client how the server's own listings name this connection
    static SourceOptions of(Section options, String client, Problems problems) {
        List<Section.Located<String>> subjects = options.texts("subjects");
        check(options, subjects, problems);
        return new SourceOptions(
                LinkOptions.of(options, client, problems),
                subjects.stream().map(Section.Located::value).toList(),
                options.textOrNull("queue"),
                consumer(options, problems),
                options.integer("receive-maximum"),
                options.whole("receive-bytes"),
                options.integer("max-payload"),
                options.integer("max-hops"));
    }

    private static Optional<Consumer> consumer(Section options, Problems problems) {
        if (options.has("stream") != options.has("durable")) {
            problems.error(
                    options.at(options.has("stream") ? "stream" : "durable"),
                    "'stream' and 'durable' need each other: a stream is read through a durable consumer");
            return Optional.empty();
        }
        if (!options.has("stream")) {
            return Optional.empty();
        }
        for (String option : List.of("stream", "durable")) {
            if (!Subjects.isName(options.text(option))) {
                problems.error(
                        options.at(option),
                        "'" + options.text(option) + "' is no name: without white space and any of . * > / \\");
            }
        }
        if (options.has("queue")) {
            problems.error(options.at("queue"), "a consumer is shared by its 'durable' name, not by a queue group");
        }
        return Optional.of(new Consumer(
                options.text("stream"),
                options.text("durable"),
                options.text("deliver-policy").equals("all"),
                options.duration("ack-wait"),
                options.integer("max-ack-pending")));
    }

    private static void check(Section options, List<Section.Located<String>> subjects, Problems problems) {
        if (subjects.size() > MAX_SUBJECTS || (subjects.isEmpty() && !options.has("stream"))) {
            problems.error(
                    options.at("subjects"),
                    "expected 1 to " + MAX_SUBJECTS + " subjects, but there are " + subjects.size());
        }
        for (int i = 0; i < subjects.size(); i++) {
            String subject = subjects.get(i).value();
            if (!Subjects.isFilter(subject)) {
                problems.error(
                        subjects.get(i).location(),
                        "'" + subject + "' is no subject: tokens with dots between them, * for a token, > at the end");
            }
            for (int j = 0; j < i; j++) {
                if (Subjects.overlap(subjects.get(j).value(), subject)) {
                    problems.error(
                            subjects.get(i).location(),
                            "'" + subject + "' overlaps '" + subjects.get(j).value()
                                    + "': what matches both would arrive twice");
                }
            }
        }
        if (options.has("queue") && !Subjects.isSubject(options.text("queue"))) {
            problems.error(options.at("queue"), "'" + options.text("queue") + "' is no name of a queue group");
        }
    }
}
