package dev.weir.connect.mqttclient;

import com.hivemq.client.mqtt.datatypes.MqttTopic;
import dev.weir.engine.Connector.Surroundings;
import dev.weir.engine.Reading;
import dev.weir.engine.ReadingJson;
import dev.weir.engine.Sink;
import dev.weir.engine.Span;
import dev.weir.engine.Template;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// Publishes readings at a broker. `write` may be called by several threads.
final class MqttSink implements Sink, Link.Session {
    private final SinkOptions options;
    private final Link link;

    /// Null while there is no connection.
    private volatile @Nullable Flight flight;

    private volatile long brokersMaxPacket = Long.MAX_VALUE;

    MqttSink(SinkOptions options, Surroundings surroundings) {
        this.options = options;
        this.link = new Link(surroundings.name(), "sink", options.link(), this, surroundings.meters());
    }

    @Override
    public void open() {
        link.start();
    }

    /// No session: what a connection left unacknowledged is written again by the engine.
    @Override
    public Greeting greeting() {
        return new Greeting(true, 0, 1, false);
    }

    @Override
    public void use(Link up, Connection connection) throws IOException, InterruptedException {
        Welcome allowed = connection.welcome();
        if (allowed.maximumQos() < options.qos()) {
            throw new IOException("the broker offers QoS " + allowed.maximumQos() + " at most; set 'qos' to that");
        }
        if (options.retain() && !allowed.retain()) {
            throw new IOException("the broker keeps no retained messages; leave out 'retain'");
        }
        brokersMaxPacket = allowed.maxPacket();
        Flight fresh = new Flight(connection, Math.min(options.inFlight(), allowed.receiveMaximum()));
        flight = fresh;
        up.ready(connection);
        watch(connection, fresh);
    }

    /// Ends the connection when an acknowledgement is missing, whatever TCP says.
    private void watch(Connection connection, Flight under) throws IOException, InterruptedException {
        Duration patience = options.link().ackTimeout();
        while (!connection.awaitEnd(patience.dividedBy(4))) {
            if (under.isLate(patience)) {
                connection.fail("the broker did not acknowledge within " + patience.toMillis() + " ms");
            }
        }
        throw new IOException(connection.end());
    }

    @Override
    public void end(String why) {
        Flight last = flight;
        flight = null;
        if (last != null) {
            last.over(why);
        }
    }

    /// The way to the broker, room in its window, and its acknowledgements.
    @Override
    public Duration patience() {
        return Sink.super
                .patience()
                .plus(options.link().connectTimeout())
                .plus(options.link().ackTimeout().multipliedBy(4));
    }

    @Override
    public void write(List<Reading> batch) throws IOException, InterruptedException {
        // All of them first: where one does not fit, none is sent.
        List<Outgoing> messages = new ArrayList<>(batch.size());
        for (Reading reading : batch) {
            messages.add(rendered(reading));
        }
        link.await(options.link().connectTimeout());
        Flight now = flight;
        if (now == null) {
            throw new IOException("the connection was lost");
        }
        List<Flight.Sent> sent = new ArrayList<>(messages.size());
        for (Outgoing message : messages) {
            sent.add(now.send(message, options.link().ackTimeout().multipliedBy(2)));
        }
        Client.@Nullable Answer bad = null;
        for (Flight.Sent one : sent) {
            Client.Answer answer = answer(one);
            if (Reason.isFailure(answer.reason()) && (bad == null || !Reason.mayPassLater(answer.reason()))) {
                bad = answer;
            }
        }
        if (bad != null) {
            judge(bad);
        }
    }

    private Outgoing rendered(Reading reading) {
        try {
            String topic = options.topic().render(reading);
            byte[] payload = options.payload().isEmpty()
                    ? ReadingJson.bytes(reading)
                    : options.payload().get().render(reading).getBytes(StandardCharsets.UTF_8);
            int name = topic.getBytes(StandardCharsets.UTF_8).length;
            long size = 64L + name + payload.length;
            long most = Math.min(brokersMaxPacket, options.link().maxPacket());
            if (name > 65_535 || size > most) {
                throw new Refused("a message of " + size + " bytes for '" + options.topic() + "' is larger than the "
                        + most + " that max-packet and the broker allow");
            }
            Span trace = reading.trace();
            return new Outgoing(
                    MqttTopic.of(topic),
                    payload,
                    options.qos(),
                    options.retain(),
                    options.contentType(),
                    reading.hops() + 1,
                    trace == null ? null : trace.traceparent());
        } catch (Template.Unfit | IllegalArgumentException unfit) {
            throw new Refused(String.valueOf(unfit.getMessage()));
        }
    }

    private static Client.Answer answer(Flight.Sent one) throws IOException, InterruptedException {
        try {
            return one.answer().get();
        } catch (ExecutionException lost) {
            throw new IOException(Objects.requireNonNull(lost.getCause()).getMessage(), lost);
        }
    }

    private void judge(Client.Answer bad) throws IOException {
        String message = "publish to '" + options.topic() + "' at "
                + options.link().broker() + ": " + Reason.shown(bad.reason(), bad.text());
        if (Reason.mayPassLater(bad.reason())) {
            throw new IOException(message);
        }
        throw new Refused(message);
    }

    @Override
    public void close() {
        link.close();
    }
}
