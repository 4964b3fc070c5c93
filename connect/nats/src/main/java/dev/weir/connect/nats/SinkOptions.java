package dev.weir.connect.nats;

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
/// @param subject where to publish
/// @param payload what; the reading as JSON when empty
/// @param contentType what the header `Content-Type` says
/// @param jetStream whether a stream's acknowledgement is waited for
/// @param inFlight how many messages may wait for their acknowledgement
record SinkOptions(
        LinkOptions link,
        Template subject,
        Optional<Template> payload,
        @Nullable String contentType,
        boolean jetStream,
        int inFlight) {
    static final Shape SHAPE = shape();

    private static Shape shape() {
        List<Option> options = new ArrayList<>(LinkOptions.options());
        options.addAll(List.of(
                Option.required(
                        "subject",
                        new Kind.Template(),
                        "Where to publish; `{variables}` are filled from the reading, one token each"),
                Option.optional("payload", new Kind.Template(), "What to publish; the reading as JSON when left out"),
                Option.optional(
                        "content-type",
                        new Kind.Text(),
                        "The header `Content-Type`; `application/json` when `payload` is left out"),
                Option.defaulted(
                        "jetstream",
                        new Kind.Flag(),
                        "false",
                        "Whether a stream must confirm each message; without, a reading counts as delivered when the"
                                + " server has read it, and is lost if nobody listens"),
                Option.defaulted(
                        "in-flight",
                        new Kind.Whole(1, 10_000),
                        "100",
                        "How many messages may wait for their acknowledgement; with 1 not even a refused message"
                                + " changes the order")));
        return new Shape("Publishes readings at a NATS server, or into a JetStream stream", options);
    }

    /// @param client how the server's own listings name this connection
    static SinkOptions of(Section options, String client, Problems problems) {
        String subject = options.text("subject");
        if (subject.startsWith("$") || !Subjects.isSubject(subject)) {
            problems.error(
                    options.at("subject"),
                    "'" + subject + "' is no subject to publish to: tokens with dots between them, without white space,"
                            + " * and >, and not beginning with $");
        }
        if (options.has("content-type") && !options.text("content-type").matches("[\\x20-\\x7e]+")) {
            problems.error(options.at("content-type"), "a header takes printable ASCII only");
        }
        boolean json = !options.has("payload");
        return new SinkOptions(
                LinkOptions.of(options, client, problems),
                Template.parse(subject, Template.Place.TOPIC),
                json ? Optional.empty() : Optional.of(Template.parse(options.text("payload"), Template.Place.PAYLOAD)),
                options.has("content-type") ? options.text("content-type") : json ? "application/json" : null,
                options.flag("jetstream"),
                options.integer("in-flight"));
    }
}
