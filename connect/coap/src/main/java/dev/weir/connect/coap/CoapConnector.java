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
    public String about() {
        return "CoAP (RFC 7252) over UDP and DTLS: devices send readings as requests, in blocks where they are large,"
                + " and observe the last values.";
    }

    @Override
    public String example() {
        return """
                sources:
                  motes: { coap: { listen: "127.0.0.1:5683" } }
                """;
    }

    @Override
    public Optional<SourceType> source() {
        return Optional.of(new SourceType(
                SourceOptions.SHAPE,
                new Delivery(
                        "At least once for confirmable messages: one answered 2.04 was taken as far as `ack:` says, in the"
                                + " order in which those of a device (address and port) came. A repeated message is"
                                + " recognised by its message id for four minutes, unless 31 others of the device came"
                                + " since.",
                        "Non-confirmable messages that the network loses are lost. A device that sends what was not"
                                + " answered as a new message, or a restart between a message and its repetition, makes"
                                + " it arrive twice."),
                Listens.UDP,
                (options, surroundings, problems) ->
                        new CoapSource(SourceOptions.of(options, problems), surroundings)));
    }

    @Override
    public Optional<SinkType> sink() {
        return Optional.of(new SinkType(
                ActionOptions.SHAPE,
                new Delivery(
                        "At least once, in order: one request for each reading, one after the other; a reading is"
                                + " delivered when the answer is 2.xx.",
                        "An answer that is lost makes a reading arrive twice."),
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
                new Delivery(
                        "At most once: one confirmable request; the command is done when the answer is 2.xx.",
                        "A command whose answer is lost may have been carried out and counts as failed."),
                (options, surroundings, problems) ->
                        new CoapActuator(ActionOptions.of(options, problems), surroundings.name())));
    }
}
