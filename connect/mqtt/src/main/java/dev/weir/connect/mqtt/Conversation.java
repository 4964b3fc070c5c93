package dev.weir.connect.mqtt;

import dev.weir.connect.mqtt.Packet.Ack;
import dev.weir.connect.mqtt.Packet.Connect;
import dev.weir.connect.mqtt.Packet.Disconnect;
import dev.weir.connect.mqtt.Packet.Publish;
import dev.weir.connect.mqtt.Packet.Request;
import dev.weir.connect.mqtt.Packet.SubAck;
import dev.weir.connect.mqtt.Packet.Subscribe;
import dev.weir.connect.mqtt.Packet.UnsubAck;
import dev.weir.connect.mqtt.Packet.Unsubscribe;
import dev.weir.connect.mqtt.Packet.Will;
import dev.weir.engine.Inlet;
import dev.weir.engine.Message;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a connected client's packets do. Belongs to the connection's reader.
final class Conversation {
    /// QoS 0 is not acknowledged, so nobody waits for the receipt.
    private static final Inlet.Ack NOBODY_WAITS = receipt -> {};

    private static final Packet PING_RESP = new Packet.PingResp();

    private final Broker broker;
    private final Router router;
    private final Session session;
    private final Outbox outbox;
    private final Limits limits;
    private final Complaints complaints;
    private final Permissions permissions;
    private final Version version;
    private final boolean sessionExpires;

    private @Nullable Will will;
    private @Nullable String @Nullable [] aliases;

    Conversation(Broker broker, Session session, Outbox outbox, Door door, Connect connect) {
        this.broker = broker;
        this.router = broker.router;
        this.session = session;
        this.outbox = outbox;
        this.limits = door.limits;
        this.complaints = door.complaints;
        this.permissions = session.permissions();
        this.version = connect.version();
        this.will = connect.will();
        this.sessionExpires = connect.properties().number(Property.SESSION_EXPIRY_INTERVAL, 0) > 0;
    }

    /// What to publish if the connection ends now; null after a DISCONNECT.
    @Nullable
    Will will() {
        return will;
    }

    /// What the client may publish.
    Permissions permissions() {
        return permissions;
    }

    /// Handles a packet. Blocks while a pipeline has no room.
    ///
    /// @return whether the conversation goes on
    boolean handle(Packet packet) throws Violation, InterruptedException {
        switch (packet) {
            case Publish publish -> publish(publish);
            case Ack ack -> acknowledge(ack);
            case Subscribe subscribe -> subscribe(subscribe);
            case Unsubscribe unsubscribe -> unsubscribe(unsubscribe);
            case Packet.PingReq() -> outbox.send(PING_RESP);
            case Disconnect disconnect -> {
                disconnect(disconnect);
                return false;
            }
            case Packet.Auth auth -> throw Violation.protocol("AUTH without an authentication method");
            case Connect connect -> throw Violation.protocol("a second CONNECT");
            case Packet.ConnAck answer -> throw fromServer(answer);
            case SubAck answer -> throw fromServer(answer);
            case UnsubAck answer -> throw fromServer(answer);
            case Packet.PingResp answer -> throw fromServer(answer);
        }
        return true;
    }

    private static Violation fromServer(Packet packet) {
        return Violation.protocol("a client sent " + packet.type());
    }

    // --- messages from the client ------------------------------------------------------------------

    private void publish(Publish publish) throws Violation, InterruptedException {
        Properties properties = publish.properties();
        if (!properties.isEmpty()) {
            checkProperties(properties);
        }
        checkAvailable(publish);
        String topic = topic(publish);
        if (!router.fits(topic)) {
            throw new Violation(
                    Reason.TOPIC_NAME_INVALID, "topic of " + topic.length() + " characters or too many levels");
        }
        switch (publish.qos()) {
            case 0 -> {
                if (isTaken(publish, topic)) {
                    broker.inlet.accept(message(publish, topic), NOBODY_WAITS);
                    route(publish, topic);
                }
            }
            case 1 -> acceptAtLeastOnce(publish, topic);
            default -> acceptExactlyOnce(publish, topic);
        }
    }

    /// What the CONNACK said is not available (MQTT-3.2.2-11, MQTT-3.2.2-14); 3.1.1 has no way to
    /// say so, so there it is not retained, but delivered.
    private void checkAvailable(Publish publish) throws Violation {
        if (publish.qos() > broker.options.maxQos) {
            throw new Violation(Reason.QOS_NOT_SUPPORTED, "QoS " + publish.qos());
        }
        if (publish.retain() && !router.retains() && version == Version.V5) {
            throw new Violation(Reason.RETAIN_NOT_SUPPORTED, "a retained message");
        }
    }

    private static void checkProperties(Properties properties) throws Violation {
        if (properties.has(Property.SUBSCRIPTION_IDENTIFIER)) {
            throw Violation.protocol("a client's PUBLISH has a subscription identifier");
        }
        Topics.checkResponseTopic(properties);
    }

    /// The topic, which an alias may stand for (MQTT-3.3.2-7 to MQTT-3.3.2-9).
    private String topic(Publish publish) throws Violation {
        long alias = publish.properties().number(Property.TOPIC_ALIAS, -1);
        if (alias < 0) {
            return publish.topic();
        }
        if (alias == 0 || alias > broker.options.topicAliases) {
            throw new Violation(
                    Reason.TOPIC_ALIAS_INVALID,
                    "topic alias " + alias + "; the maximum is " + broker.options.topicAliases);
        }
        @Nullable String[] known = aliases;
        if (known == null) {
            known = new @Nullable String[broker.options.topicAliases + 1];
            aliases = known;
        }
        if (!publish.topic().isEmpty()) {
            known[(int) alias] = publish.topic();
        }
        String topic = known[(int) alias];
        if (topic == null) {
            throw Violation.protocol("topic alias " + alias + " stands for nothing yet");
        }
        return topic;
    }

    /// Whether a message is handed over. If not it is counted, and acknowledged with a reason where
    /// there is one; 3.1.1 has none, and leaves only a plain acknowledgement or hanging up
    /// (MQTT-3.3.5-2).
    private boolean isTaken(Publish publish, String topic) throws Violation, InterruptedException {
        Reason against = against(publish, topic);
        if (against == Reason.SUCCESS) {
            return true;
        }
        broker.inlet.rejected(against.word());
        complaints.note("publish-" + against.word(), session.clientId(), "topic '" + topic + "'");
        if (publish.qos() == 2) {
            holdBack();
        }
        if (publish.qos() > 0) {
            outbox.acknowledge(Receiving.refused(outbox, publish.packetId(), publish.qos(), against));
        }
        return false;
    }

    private Reason against(Publish publish, String topic) {
        if (!permissions.mayPublish(topic)) {
            return Reason.NOT_AUTHORIZED;
        }
        boolean unfit = broker.options.checkPayloadFormat
                && publish.properties().number(Property.PAYLOAD_FORMAT_INDICATOR, 0) == 1
                && !WireReader.isText(publish.bytes(), publish.offset(), publish.length());
        return unfit ? Reason.PAYLOAD_FORMAT_INVALID : Reason.SUCCESS;
    }

    private void acceptAtLeastOnce(Publish publish, String topic) throws Violation, InterruptedException {
        holdBack();
        if (!isTaken(publish, topic)) {
            return;
        }
        Receiving receiving = new Receiving(outbox, publish.packetId(), 1);
        broker.inlet.accept(message(publish, topic), receiving);
        receiving.routed(route(publish, topic));
        outbox.acknowledge(receiving);
    }

    private void acceptExactlyOnce(Publish publish, String topic) throws Violation, InterruptedException {
        Receiving receiving = new Receiving(outbox, publish.packetId(), 2);
        if (!isTaken(publish, topic)) {
            return;
        }
        Receiving earlier = session.arrived(receiving);
        if (earlier != null) {
            // Sent again: it is acknowledged like the first one, and handed over only once
            // (MQTT-4.3.3-10).
            earlier.repeatedAs(receiving);
            outbox.acknowledge(receiving);
            return;
        }
        try {
            if (session.receivingCount() > limits.receiveMaximum) {
                throw new Violation(
                        Reason.RECEIVE_MAXIMUM_EXCEEDED,
                        "more than " + limits.receiveMaximum + " QoS 2 messages without PUBREL");
            }
            holdBack();
            broker.inlet.accept(message(publish, topic), receiving);
        } catch (InterruptedException | Violation | RuntimeException notTaken) {
            session.released(publish.packetId());
            throw notTaken;
        }
        receiving.routed(route(publish, topic));
        outbox.acknowledge(receiving);
    }

    /// A client of MQTT 5 knows the receive maximum and must keep to it (MQTT-3.3.4-7); one of
    /// 3.1.1 is not read until it is met.
    private void holdBack() throws Violation, InterruptedException {
        int maximum = limits.receiveMaximum;
        if (version == Version.V5
                && outbox.hasUnsettled()
                && outbox.unsettledQos1() + session.receivingCount() > maximum) {
            throw new Violation(
                    Reason.RECEIVE_MAXIMUM_EXCEEDED, "more than " + maximum + " messages without acknowledgement");
        }
        if (outbox.isFull(maximum)) {
            outbox.awaitRoom(maximum);
        }
    }

    private Message message(Publish publish, String topic) {
        Properties properties = publish.properties();
        String contentType = properties.isEmpty() ? null : properties.text(Property.CONTENT_TYPE);
        return new Message(
                topic,
                publish.bytes(),
                publish.offset(),
                publish.length(),
                contentType,
                session.clientId(),
                Hops.of(properties),
                Hops.trace(properties));
    }

    /// Gives a message to the subscribers; copies it only if there are any.
    private boolean route(Publish publish, String topic) {
        if (!publish.retain() && !router.hasSubscriptions()) {
            return false;
        }
        Properties properties = publish.properties();
        return router.publish(new Publication(
                topic,
                publish.payload(),
                publish.qos(),
                publish.retain(),
                properties.without(Property.TOPIC_ALIAS, Property.MESSAGE_EXPIRY_INTERVAL),
                router.expiresAt(properties),
                session));
    }

    // --- acknowledgements from the client ------------------------------------------------------------

    private void acknowledge(Ack ack) {
        switch (ack.type()) {
            case PUBREL -> {
                boolean known = session.released(ack.packetId());
                answer(PacketType.PUBCOMP, ack.packetId(), known);
            }
            case PUBREC -> {
                boolean known = session.acknowledged(ack);
                if (!ack.reason().isError()) {
                    answer(PacketType.PUBREL, ack.packetId(), known);
                }
                outbox.wake();
            }
            default -> {
                session.acknowledged(ack);
                outbox.wake();
            }
        }
    }

    private void answer(PacketType type, int packetId, boolean known) {
        Reason reason = known ? Reason.SUCCESS : Reason.PACKET_ID_NOT_FOUND;
        outbox.send(new Ack(type, packetId, reason, Properties.NONE));
    }

    // --- subscriptions ---------------------------------------------------------------------------------

    private void subscribe(Subscribe subscribe) throws InterruptedException {
        long id = subscribe.properties().subscriptionIds().stream().findFirst().orElse(0L);
        List<Reason> reasons = new ArrayList<>(subscribe.requests().size());
        List<Subscription> hungry = new ArrayList<>();
        for (Request request : subscribe.requests()) {
            boolean known = session.subscription(request.filter()) != null;
            Reason reason = router.subscribe(session, request, id);
            reasons.add(reason);
            if (reason == Reason.NOT_AUTHORIZED || reason == Reason.UNSPECIFIED) {
                complaints.note("subscribe-not-authorized", session.clientId(), "filter '" + request.filter() + "'");
            }
            Subscription made = session.subscription(request.filter());
            boolean wanted = request.retainHandling() == 0 || (request.retainHandling() == 1 && !known);
            if (!reason.isError() && made != null && wanted) {
                hungry.add(made);
            }
        }
        outbox.awaitRoom(Integer.MAX_VALUE);
        outbox.send(new SubAck(subscribe.packetId(), Properties.NONE, reasons));
        outbox.flush();
        hungry.forEach(router::sendRetained);
    }

    private void unsubscribe(Unsubscribe unsubscribe) throws InterruptedException {
        List<Reason> reasons = unsubscribe.filters().stream()
                .map(filter -> router.unsubscribe(session, filter))
                .toList();
        outbox.awaitRoom(Integer.MAX_VALUE);
        outbox.send(new UnsubAck(unsubscribe.packetId(), Properties.NONE, reasons));
    }

    // --- end -------------------------------------------------------------------------------------------

    private void disconnect(Disconnect disconnect) throws Violation {
        long expiry = disconnect.properties().number(Property.SESSION_EXPIRY_INTERVAL, -1);
        if (expiry > 0 && !sessionExpires) {
            throw Violation.protocol("DISCONNECT gives an expiry to a session that had none");
        }
        if (expiry >= 0) {
            broker.setExpiry(session, expiry);
        }
        if (disconnect.reason() == Reason.SUCCESS) {
            will = null; // every other reason leaves it to be published (MQTT-3.1.2-8)
        }
    }
}
