package dev.weir.connect.http;

import dev.weir.engine.Connector;
import dev.weir.engine.Template;
import java.util.List;
import java.util.Optional;

/// Posts readings and commands to web servers.
public final class WebhookConnector implements Connector {
    @Override
    public String name() {
        return "webhook";
    }

    @Override
    public String about() {
        return "Posts readings and commands to a web server.";
    }

    @Override
    public String example() {
        return """
                sinks:
                  erp: { webhook: { url: "https://erp.example/readings" } }
                """;
    }

    @Override
    public Optional<SinkType> sink() {
        return Optional.of(new SinkType(
                WebhookOptions.SINK,
                new Delivery(
                        "At least once, in order: a reading is delivered when the answer is 2xx, and posted again"
                                + " until then. A 4xx other than 408, 425 and 429 makes a dead letter.",
                        "An answer that is lost makes a reading arrive twice, unless the server knows a repeated"
                                + " request by its `Idempotency-Key`: see `idempotent`."),
                (options, surroundings, problems) -> new WebhookSink(
                        WebhookOptions.sink(options, problems), surroundings.node(), surroundings.name())));
    }

    @Override
    public List<ActionType> actions() {
        return List.of(new ActionType(
                "webhook",
                "url",
                Template.Place.URL,
                WebhookOptions.ACTION,
                new Delivery(
                        "At most once: one request; the command is done when the answer is 2xx.",
                        "A command whose answer is lost may have been carried out and counts as failed."),
                (options, surroundings, problems) ->
                        new WebhookActuator(WebhookOptions.action(options, problems), surroundings.name())));
    }
}
