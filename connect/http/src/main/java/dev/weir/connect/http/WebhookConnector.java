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
    public Optional<SinkType> sink() {
        return Optional.of(new SinkType(
                WebhookOptions.SINK,
                "At least once: a reading whose answer was lost is posted again. A 4xx other than 408, 425 and 429"
                        + " makes a dead letter",
                (options, surroundings, problems) ->
                        new WebhookSink(WebhookOptions.sink(options, problems), surroundings.name())));
    }

    @Override
    public List<ActionType> actions() {
        return List.of(new ActionType(
                "webhook",
                "url",
                Template.Place.URL,
                WebhookOptions.ACTION,
                (options, surroundings, problems) ->
                        new WebhookActuator(WebhookOptions.action(options, problems), surroundings.name())));
    }
}
