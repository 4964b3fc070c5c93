package dev.weir.connect.mqtt;

import dev.weir.connect.mqtt.Packet.ConnAck;
import dev.weir.connect.mqtt.Packet.Connect;
import dev.weir.connect.mqtt.Packet.Will;
import dev.weir.engine.access.Identity;

/// What a client and the server agree on at CONNECT: what is refused, which of the two's limits
/// holds, and what the CONNACK tells. Immutable.
final class Terms {
    private final Connect connect;
    private final Properties asked;
    private final Limits limits;
    private final MqttOptions options;
    private final Router router;

    Terms(Connect connect, Limits limits, Broker broker) {
        this.connect = connect;
        this.asked = connect.properties();
        this.limits = limits;
        this.options = broker.options;
        this.router = broker.router;
    }

    private boolean isV5() {
        return connect.version() == Version.V5;
    }

    /// Whether acknowledgements may say more than their code (MQTT-3.1.2-29).
    boolean takesReasonStrings() {
        return asked.number(Property.REQUEST_PROBLEM_INFORMATION, 1) == 1;
    }

    /// The largest packet that the client takes.
    int maxPacketBytes() {
        return (int) Math.min(Integer.MAX_VALUE, asked.number(Property.MAXIMUM_PACKET_SIZE, Integer.MAX_VALUE));
    }

    /// Refuses what nobody may ask for, whoever it is.
    void check() throws Violation {
        int length = connect.clientId().length();
        if (length > options.maxTopicLength) {
            throw new Violation(Reason.CLIENT_ID_NOT_VALID, "client id of " + length + " characters");
        }
        if (length == 0 && !isV5() && !connect.clean()) {
            throw new Violation(Reason.CLIENT_ID_NOT_VALID, "no client id, but a session to keep");
        }
        if (asked.has(Property.AUTHENTICATION_METHOD)) {
            throw new Violation(Reason.BAD_AUTHENTICATION_METHOD, "enhanced authentication");
        }
        Will will = connect.will();
        if (will == null) {
            return;
        }
        if (will.qos() > options.maxQos) {
            throw new Violation(Reason.QOS_NOT_SUPPORTED, "will with QoS " + will.qos());
        }
        if (will.retain() && !router.retains() && isV5()) {
            throw new Violation(Reason.RETAIN_NOT_SUPPORTED, "a retained will");
        }
        if (!router.fits(will.topic())) {
            throw new Violation(Reason.TOPIC_NAME_INVALID, "will topic too long or too deep");
        }
    }

    /// Refuses a will that the client may not publish.
    void checkWill(Identity identity, String id) throws Violation {
        Will will = connect.will();
        if (will != null && !Permissions.allows(identity, will.topic(), id)) {
            throw new Violation(Reason.NOT_AUTHORIZED, "will to '" + will.topic() + "'");
        }
    }

    /// The keep-alive that holds: what the client said, or our maximum if it can be told
    /// (MQTT-3.1.2-21).
    long keepAliveSeconds() {
        long wanted = connect.keepAlive();
        if (!isV5() || options.maxKeepAlive.isEmpty()) {
            return wanted;
        }
        long most = options.maxKeepAlive.get().toSeconds();
        return wanted == 0 ? most : Math.min(wanted, most);
    }

    /// What the CONNACK says of them.
    ///
    /// @param id the client's, or the one that it is given
    /// @param expiry of its session, in seconds
    /// @throws Violation if the client takes no CONNACK of that size: it could not learn what it
    ///     has to keep to
    Properties told(String id, long expiry) throws Violation {
        if (!isV5()) {
            return Properties.NONE;
        }
        Properties.Builder told = Properties.builder()
                .number(Property.RECEIVE_MAXIMUM, limits.receiveMaximum)
                .number(Property.MAXIMUM_PACKET_SIZE, limits.maxPacketBytes)
                .number(Property.TOPIC_ALIAS_MAXIMUM, options.topicAliases)
                .text(Property.ASSIGNED_CLIENT_IDENTIFIER, connect.clientId().isEmpty() ? id : null);
        if (options.maxQos < 2) {
            told.number(Property.MAXIMUM_QOS, options.maxQos);
        }
        if (!router.retains()) {
            told.number(Property.RETAIN_AVAILABLE, 0);
        }
        if (Broker.isCut(connect, expiry)) {
            told.number(Property.SESSION_EXPIRY_INTERVAL, expiry);
        }
        long keepAlive = keepAliveSeconds();
        if (keepAlive != connect.keepAlive()) {
            told.number(Property.SERVER_KEEP_ALIVE, keepAlive);
        }
        Properties properties = told.build();
        Encoder probe = new Encoder(64);
        probe.write(new ConnAck(true, Reason.SUCCESS, properties), connect.version());
        if (probe.size() > maxPacketBytes()) {
            throw new Violation(
                    Reason.PACKET_TOO_LARGE,
                    "CONNACK of " + probe.size() + " bytes; the client takes " + maxPacketBytes());
        }
        return properties;
    }

    /// The connection as the client's session sees it.
    Session.Attachment attachment(Connection connection, Outbox outbox, Identity identity) {
        long window = Math.min(limits.maxInFlight, asked.number(Property.RECEIVE_MAXIMUM, Integer.MAX_VALUE));
        long most = Math.min(options.topicAliases, asked.number(Property.TOPIC_ALIAS_MAXIMUM, 0));
        TopicAliases aliases = new TopicAliases((int) most);
        return new Session.Attachment(
                connection, outbox, connect.version(), (int) window, maxPacketBytes(), limits, identity, aliases);
    }
}
