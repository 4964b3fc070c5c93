package dev.weir.connect.coap;

import dev.weir.engine.Connector;
import dev.weir.engine.Template;
import java.util.List;
import java.util.Optional;

/// CoAP as a source of readings and as a way to actuators.
public final class CoapConnector implements Connector {
    @Override
    public String name() {
        return "coap";
    }

    @Override
    public Optional<SourceType> source() {
        return Optional.of(new SourceType(
                SourceOptions.SHAPE,
                "A message answered 2.04 was taken as far as `ack:` says. Repeated messages are recognised by their"
                        + " message id for four minutes. Lost: non-confirmable messages that the network loses",
                (options, surroundings, _) -> new CoapSource(SourceOptions.of(options), surroundings)));
    }

    @Override
    public Optional<SinkType> sink() {
        return Optional.of(new SinkType(
                ActionOptions.SHAPE,
                "One request for each reading, one after the other; a reading is delivered when the answer is 2.xx. An"
                        + " answer that is lost makes it arrive twice",
                (options, surroundings, problems) -> new CoapSink(
                        Template.parse(options.text("url"), Template.Place.URL),
                        new CoapActuator(ActionOptions.of(options, problems), surroundings.name()))));
    }

    @Override
    public List<ActionType> actions() {
        return List.of(new ActionType(
                "coap",
                "url",
                Template.Place.URL,
                ActionOptions.SHAPE,
                (options, surroundings, problems) ->
                        new CoapActuator(ActionOptions.of(options, problems), surroundings.name())));
    }
}
