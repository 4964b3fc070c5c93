package dev.weir.connect.mqttclient;

import dev.weir.connect.mqttclient.Packet.Kind;
import dev.weir.connect.mqttclient.Packet.Publish;
import dev.weir.connect.mqttclient.Packet.Step;
import dev.weir.connect.mqttclient.Packet.Suback;
import dev.weir.engine.Connector.Surroundings;
import dev.weir.engine.Inlet;
import dev.weir.engine.Message;
import dev.weir.engine.Receipt;
import dev.weir.engine.Source;
import java.io.IOException;
import java.util.BitSet;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Subscribes at a broker and hands over what comes, one message after the other on the link's
/// thread. See the package for what is promised and how it is bounded.
final class MqttClientSource implements Source, Link.Session {
    private static final Logger LOG = LoggerFactory.getLogger(MqttClientSource.class);

    private static final int SUBSCRIBE_ID = 1;

    /// What an unacknowledged message costs here: its payload belongs to the engine.
    private static final long BYTES_EACH = 256;

    private static final long RETRY_NANOS = 20_000_000;

    private final SourceOptions options;
    private final Encoder encoder;
    private final Link link;

    // Only the link's thread, after open.
    private BitSet taken = new BitSet();
    private @Nullable Inlet inlet;
    private @Nullable Link up;
    private @Nullable Connection connection;
    private @Nullable Unacknowledged unacknowledged;

    /// Since when SUBSCRIBE is unanswered; 0 when it is not. Read by the watch.
    private volatile long subscribing;

    /// When the last message was dealt with: until then the answer may have lain unread.
    private volatile long dealtWith;

    MqttClientSource(SourceOptions options, Surroundings surroundings) {
        this.options = options;
        LinkOptions to = options.link();
        this.encoder = new Encoder(to.five());
        Encoder.Hello hello = new Encoder.Hello(
                to.clientId(),
                to.user(),
                to.passwordBytes(),
                options.cleanStart(),
                to.keepAliveSeconds(),
                Math.min(0xffff_fffeL, options.sessionExpiry().toSeconds()),
                options.receiveMaximum(),
                to.maxPacket());
        this.link = new Link(surroundings.name(), "source", to, hello, this, surroundings.meters());
    }

    @Override
    public void open(Inlet into) {
        inlet = into;
        link.start();
    }

    @Override
    public long worstCaseBytes() {
        return 2L * options.link().maxPacket() + options.receiveMaximum() * BYTES_EACH;
    }

    @Override
    public void begin(Link now, Connection to) throws IOException, InterruptedException {
        up = now;
        connection = to;
        if (!to.connack().sessionPresent()) {
            taken.clear();
        }
        unacknowledged = new Unacknowledged(to, encoder, options.receiveMaximum(), taken);
        subscribing = Connection.now();
        dealtWith = subscribing;
        to.unansweredSince(() -> subscribing == 0 ? 0 : Math.max(subscribing, dealtWith));
        to.send(encoder.subscribe(SUBSCRIBE_ID, options.topics(), options.qos()));
    }

    @Override
    public void take(Packet packet) throws IOException, InterruptedException {
        switch (packet) {
            case Publish message -> {
                arrived(message);
                dealtWith = Connection.now();
            }
            case Step(Kind kind, int id, int _, String _) when kind == Kind.PUBREL -> released(id);
            case Suback answer -> subscribed(answer);
            case Step _, Packet.Connack _, Packet.Pingresp _, Packet.Disconnect _ ->
                throw new IOException("the broker sent " + packet.getClass().getSimpleName() + " out of turn");
        }
    }

    private void subscribed(Suback answer) throws IOException {
        subscribing = 0;
        if (answer.reasons().length != options.topics().size()) {
            throw new IOException("SUBACK answers " + answer.reasons().length + " filters, but "
                    + options.topics().size() + " were asked for");
        }
        boolean any = false;
        for (int i = 0; i < answer.reasons().length; i++) {
            int granted = answer.reasons()[i];
            String filter = options.topics().get(i);
            if (Reason.isFailure(granted)) {
                LOG.warn("subscription refused filter={} reason=\"{}\"", filter, Reason.shown(granted, null));
            } else {
                any = true;
                if (granted < options.qos()) {
                    LOG.warn(
                            "subscription has a lower QoS filter={} asked={} granted={}",
                            filter,
                            options.qos(),
                            granted);
                }
            }
        }
        if (!any) {
            throw new IOException("the broker refused every subscription, the first one as "
                    + Reason.shown(answer.reasons()[0], null) + ": check the topics and what the user may read");
        }
        Objects.requireNonNull(up).ready(Objects.requireNonNull(connection));
    }

    /// The broker will not send this message again; its identifier is free.
    private void released(int id) throws IOException, InterruptedException {
        Objects.requireNonNull(unacknowledged).release(id);
        Objects.requireNonNull(connection).send(encoder.step(Kind.PUBCOMP, id));
    }

    private void arrived(Publish message) throws InterruptedException {
        Unacknowledged mine = Objects.requireNonNull(unacknowledged);
        Inlet door = Objects.requireNonNull(inlet);
        boolean known = mine.isTaken(message);
        // Waits while as many as allowed are unacknowledged: this is where 3.1.1 is bounded.
        Unacknowledged.Entry entry = mine.add(message);
        if (known) {
            entry.settle();
        } else if (message.oversized()) {
            door.rejected("too-large");
            entry.settle();
        } else if (message.properties().hops() > options.maxHops()) {
            door.rejected("loop");
            entry.settle();
        } else {
            handOver(message, entry, door);
        }
    }

    /// Hands a message over, and again while the inlet says at once that it cannot take it: what
    /// comes after it waits in the socket.
    private void handOver(Publish message, Unacknowledged.Entry entry, Inlet door) throws InterruptedException {
        Message shown = new Message(
                message.topic(),
                message.bytes(),
                message.offset(),
                message.bytes().length - message.offset(),
                message.properties().text(Properties.CONTENT_TYPE).orElse(null),
                options.link().broker(),
                message.properties().hops());
        while (true) {
            Told told = new Told(entry);
            door.accept(shown, told);
            if (!told.isRefused()) {
                return;
            }
            LockSupport.parkNanos(this, RETRY_NANOS);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    /// What the inlet says about one attempt.
    private static final class Told implements Inlet.Ack {
        private final Unacknowledged.Entry entry;
        private boolean refused;
        private boolean returned;

        Told(Unacknowledged.Entry entry) {
            this.entry = entry;
        }

        @Override
        public void settle(Receipt receipt) {
            switch (receipt) {
                case Receipt.Accepted _, Receipt.Unmatched _, Receipt.Undecodable _ -> entry.settle();
                case Receipt.Overloaded _ -> refuse();
            }
        }

        private void refuse() {
            boolean late;
            synchronized (this) {
                refused = true;
                late = returned;
            }
            if (late) {
                entry.refuse();
            }
        }

        /// Whether the message was refused before `accept` returned.
        synchronized boolean isRefused() {
            returned = true;
            return refused;
        }
    }

    @Override
    public void end(String why) {
        subscribing = 0;
        if (unacknowledged != null) {
            taken = unacknowledged.end();
        }
        connection = null;
        unacknowledged = null;
        up = null;
    }

    @Override
    public void close() {
        link.close();
    }
}
