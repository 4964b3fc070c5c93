package dev.weir.connect.mqttclient;

import dev.weir.connect.mqttclient.Packet.Step;
import dev.weir.engine.Connector.Surroundings;
import dev.weir.engine.Reading;
import dev.weir.engine.ReadingJson;
import dev.weir.engine.Sink;
import dev.weir.engine.Template;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Publishes readings at a broker. `write` may be called by several threads.
final class MqttSink implements Sink, Link.Session {
    private final SinkOptions options;
    private final Encoder encoder;
    private final Link link;

    /// Null while there is no connection.
    private volatile @Nullable Flight flight;

    private volatile long brokersMaxPacket = Long.MAX_VALUE;

    MqttSink(SinkOptions options, Surroundings surroundings) {
        this.options = options;
        LinkOptions to = options.link();
        this.encoder = new Encoder(to.five());
        // What a connection left unacknowledged is written again by the engine: no session.
        Encoder.Hello hello = new Encoder.Hello(
                to.clientId(), to.user(), to.passwordBytes(), true, to.keepAliveSeconds(), 0, 1, to.maxPacket());
        this.link = new Link(surroundings.name(), "sink", to, hello, this, surroundings.meters());
    }

    @Override
    public void open() {
        link.start();
    }

    @Override
    public void begin(Link up, Connection connection) throws IOException {
        Properties offered = connection.connack().properties();
        if (offered.whole(Properties.MAXIMUM_QOS, 2) < options.qos()) {
            throw new IOException("the broker offers QoS " + offered.whole(Properties.MAXIMUM_QOS, 2)
                    + " at most; set 'qos' to that");
        }
        if (options.retain() && offered.whole(Properties.RETAIN_AVAILABLE, 1) == 0) {
            throw new IOException("the broker keeps no retained messages; leave out 'retain'");
        }
        brokersMaxPacket = offered.whole(Properties.MAXIMUM_PACKET_SIZE, Long.MAX_VALUE);
        int most = (int) Math.min(options.inFlight(), offered.whole(Properties.RECEIVE_MAXIMUM, 65_535));
        Flight fresh = new Flight(connection, encoder, most);
        connection.unansweredSince(fresh::oldest);
        flight = fresh;
        up.ready(connection);
    }

    @Override
    public void take(Packet packet) throws IOException, InterruptedException {
        Flight now = flight;
        if (packet instanceof Step step && now != null) {
            now.take(step);
        } else {
            throw new IOException("the broker sent " + packet.getClass().getSimpleName() + ", which was not asked for");
        }
    }

    @Override
    public void end(String why) {
        Flight last = flight;
        flight = null;
        if (last != null) {
            last.over(why);
        }
    }

    /// What goes out for a reading.
    @SuppressWarnings("ArrayRecordComponent") // encoded at once
    private record Outgoing(String topic, byte[] payload, int hops) {}

    @Override
    public void write(List<Reading> batch) throws IOException, InterruptedException {
        // All of them first: where one does not fit, none is sent.
        List<Outgoing> messages = new ArrayList<>(batch.size());
        for (Reading reading : batch) {
            messages.add(rendered(reading));
        }
        Connection connection = link.await(options.link().connectTimeout());
        if (options.qos() == 0) {
            unacknowledged(connection, messages);
        } else {
            acknowledged(connection, messages);
        }
    }

    private Outgoing rendered(Reading reading) {
        try {
            String topic = options.topic().render(reading);
            byte[] payload = options.payload().isEmpty()
                    ? ReadingJson.bytes(reading)
                    : options.payload().get().render(reading).getBytes(StandardCharsets.UTF_8);
            byte[] name = topic.getBytes(StandardCharsets.UTF_8);
            long size = 64L + name.length + payload.length;
            long most = Math.min(brokersMaxPacket, options.link().maxPacket());
            if (name.length > 65_535 || size > most) {
                throw new Refused("a message of " + size + " bytes for '" + options.topic() + "' is larger than the "
                        + most + " that max-packet and the broker allow");
            }
            return new Outgoing(topic, payload, reading.hops() + 1);
        } catch (Template.Unfit unfit) {
            throw new Refused(String.valueOf(unfit.getMessage()));
        }
    }

    private byte[] encoded(Outgoing message, int id) {
        return encoder.publish(
                message.topic(),
                message.payload(),
                options.qos(),
                options.retain(),
                id,
                options.contentType(),
                message.hops());
    }

    /// QoS 0: done when the system has them.
    private void unacknowledged(Connection connection, List<Outgoing> messages)
            throws IOException, InterruptedException {
        CountDownLatch written = new CountDownLatch(messages.size());
        for (Outgoing message : messages) {
            connection.send(encoded(message, 0), written::countDown);
        }
        if (!written.await(options.link().ackTimeout().toNanos(), TimeUnit.NANOSECONDS)) {
            String why =
                    "the broker did not read for " + options.link().ackTimeout().toMillis() + " ms";
            connection.fail(why);
            throw new IOException(why);
        }
    }

    private void acknowledged(Connection connection, List<Outgoing> messages) throws IOException, InterruptedException {
        Flight now = flight;
        if (now == null) {
            throw new IOException("the connection was lost");
        }
        List<Flight.Sent> sent = new ArrayList<>(messages.size());
        for (Outgoing message : messages) {
            Flight.Sent next = now.reserve(options.link().ackTimeout().multipliedBy(2));
            sent.add(next);
            connection.send(encoded(message, next.id()));
        }
        Flight.@Nullable Answer bad = null;
        for (Flight.Sent one : sent) {
            Flight.Answer answer = answer(one);
            if (Reason.isFailure(answer.reason()) && (bad == null || !Reason.mayPassLater(answer.reason()))) {
                bad = answer;
            }
        }
        if (bad != null) {
            judge(bad);
        }
    }

    private static Flight.Answer answer(Flight.Sent one) throws IOException, InterruptedException {
        try {
            return one.answer().get();
        } catch (ExecutionException lost) {
            throw new IOException(Objects.requireNonNull(lost.getCause()).getMessage(), lost);
        }
    }

    private void judge(Flight.Answer bad) throws IOException {
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
