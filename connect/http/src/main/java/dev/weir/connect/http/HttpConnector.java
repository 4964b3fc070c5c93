package dev.weir.connect.http;

import dev.weir.engine.Connector;
import java.util.Optional;

/// HTTP as a source of readings.
public final class HttpConnector implements Connector {
    @Override
    public String name() {
        return "http";
    }

    @Override
    public String about() {
        return "Takes readings by `POST /ADDRESS`: a JSON object, a list of them, JSON lines, SenML, CBOR, CSV or text,"
                + " each of them gzipped too; and InfluxDB's line protocol, in the way of its versions 1 and 2."
                + " Answers when they are taken, and says which are wrong and where to go on."
                + " Tokens, passwords and certificates as everywhere.";
    }

    @Override
    public String example() {
        return """
                sources:
                  web: { http: { listen: "127.0.0.1:8086" } }
                """;
    }

    @Override
    public Optional<SourceType> source() {
        return Optional.of(new SourceType(
                IngestOptions.shape(),
                new Delivery(
                        "At least once: readings answered 204 were taken as far as `ack:` says, those of a connection in"
                                + " their order. A request that is sent again with its `Idempotency-Key` is not taken"
                                + " twice, and goes on where it stopped.",
                        "A client that does not send again what was not answered, or answered 408, 429 or 503. Sent again"
                                + " without a key, or after the key was forgotten or the node restarted, readings are"
                                + " taken twice. Requests on several connections have no order."),
                Listens.TCP,
                (options, surroundings, problems) ->
                        new HttpSource(IngestOptions.of(options, problems), surroundings)));
    }
}
