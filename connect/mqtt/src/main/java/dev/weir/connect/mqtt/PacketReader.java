package dev.weir.connect.mqtt;

import dev.weir.connect.mqtt.Packet.Ack;
import dev.weir.connect.mqtt.Packet.Auth;
import dev.weir.connect.mqtt.Packet.ConnAck;
import dev.weir.connect.mqtt.Packet.Connect;
import dev.weir.connect.mqtt.Packet.Disconnect;
import dev.weir.connect.mqtt.Packet.PingReq;
import dev.weir.connect.mqtt.Packet.PingResp;
import dev.weir.connect.mqtt.Packet.Publish;
import dev.weir.connect.mqtt.Packet.Request;
import dev.weir.connect.mqtt.Packet.SubAck;
import dev.weir.connect.mqtt.Packet.Subscribe;
import dev.weir.connect.mqtt.Packet.UnsubAck;
import dev.weir.connect.mqtt.Packet.Unsubscribe;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes a packet of the bytes behind its fixed header. Throws nothing but [Violation], whatever
/// the bytes are. Belongs to one [Decoder].
final class PacketReader {
    /// More filters than this in one packet are refused.
    static final int MAX_FILTERS = 4096;

    private static final PingReq PING_REQ = new PingReq();
    private static final PingResp PING_RESP = new PingResp();

    private final WireReader in;
    private final TopicCache topics = new TopicCache();
    private @Nullable Version version;

    PacketReader(WireReader in, @Nullable Version version) {
        this.in = in;
        this.version = version;
    }

    @Nullable
    Version version() {
        return version;
    }

    /// Refuses a first byte that no packet has at this moment (MQTT-3.1.0-1, MQTT-2.1.3-1).
    PacketType checkHeader(int header) throws Violation {
        PacketType type = PacketType.of(header);
        if (type == null || !type.flagsFit(header)) {
            throw Violation.malformed("first byte is 0x" + Integer.toHexString(header));
        }
        if (version == null && type != PacketType.CONNECT) {
            throw Violation.protocol("the first packet is " + type + " instead of CONNECT");
        }
        if (type == PacketType.AUTH && version == Version.V3_1_1) {
            throw Violation.malformed("AUTH does not exist in MQTT 3.1.1");
        }
        return type;
    }

    /// Reads the packet in the window of the wire reader.
    Packet read(int header) throws Violation {
        PacketType type = checkHeader(header);
        Packet packet = switch (type) {
            case PUBLISH -> publish(header);
            case PUBACK, PUBREC, PUBREL, PUBCOMP -> ack(type);
            case CONNECT -> connect();
            case CONNACK -> connAck();
            case SUBSCRIBE -> subscribe();
            case SUBACK -> new SubAck(in.u16(), properties(PacketType.SUBACK), reasons());
            case UNSUBSCRIBE -> unsubscribe();
            case UNSUBACK -> new UnsubAck(in.u16(), properties(PacketType.UNSUBACK), reasons());
            case PINGREQ -> PING_REQ;
            case PINGRESP -> PING_RESP;
            case DISCONNECT -> disconnect();
            case AUTH -> auth();
        };
        in.expectEnd();
        return packet;
    }

    private boolean isV5() {
        return version == Version.V5;
    }

    private Connect connect() throws Violation {
        if (version != null) {
            throw Violation.protocol("a second CONNECT");
        }
        Connect connect = ConnectReader.read(in);
        in.expectEnd(); // before the version is known: a bad CONNECT gets no answer (MQTT-3.1.4-1)
        version = connect.version();
        return connect;
    }

    private Publish publish(int header) throws Violation {
        int qos = header >> 1 & 3;
        boolean dup = (header & 8) != 0;
        if (qos == 3 || (dup && qos == 0)) {
            throw Violation.malformed(qos == 3 ? "QoS 3" : "DUP with QoS 0");
        }
        int begin = in.skipText();
        int topicLength = in.position() - begin;
        int packetId = qos == 0 ? 0 : packetId();
        Properties properties = isV5() ? PropertiesCodec.read(in, PacketType.PUBLISH) : Properties.NONE;
        boolean aliased = topicLength == 0 && properties.has(Property.TOPIC_ALIAS);
        if (topicLength == 0 && isV5() && !aliased) {
            throw Violation.protocol("neither topic nor topic alias");
        }
        String topic = aliased ? "" : topics.topic(in.array(), begin, topicLength);
        int offset = in.position();
        int length = in.remaining();
        in.skip(length);
        return new Publish(dup, qos, (header & 1) != 0, topic, packetId, properties, in.array(), offset, length);
    }

    private int packetId() throws Violation {
        int id = in.u16();
        if (id == 0) {
            throw Violation.protocol("packet identifier 0");
        }
        return id;
    }

    private Ack ack(PacketType type) throws Violation {
        int id = packetId();
        if (!isV5() || in.remaining() == 0) {
            return Ack.of(type, id);
        }
        Reason reason = reason();
        Properties properties = in.remaining() == 0 ? Properties.NONE : PropertiesCodec.read(in, type);
        return new Ack(type, id, reason, properties);
    }

    private Properties properties(PacketType type) throws Violation {
        return isV5() ? PropertiesCodec.read(in, type) : Properties.NONE;
    }

    private Reason reason() throws Violation {
        int code = in.u8();
        Reason reason = Reason.of(code);
        if (reason == null) {
            throw Violation.malformed("unknown reason code 0x" + Integer.toHexString(code));
        }
        return reason;
    }

    private List<Reason> reasons() throws Violation {
        List<Reason> reasons = new ArrayList<>();
        while (in.remaining() > 0) {
            if (reasons.size() == MAX_FILTERS) {
                throw new Violation(Reason.QUOTA_EXCEEDED, "more than " + MAX_FILTERS + " reason codes");
            }
            reasons.add(reason());
        }
        return reasons;
    }

    private ConnAck connAck() throws Violation {
        int flags = in.u8();
        if (flags > 1) {
            throw Violation.malformed("CONNACK flags are 0x" + Integer.toHexString(flags));
        }
        Reason reason;
        if (isV5()) {
            reason = reason();
        } else {
            reason = Reason.ofConnectReturnCode(in.u8());
            if (reason == null) {
                throw Violation.malformed("unknown return code in CONNACK");
            }
        }
        return new ConnAck(flags == 1, reason, properties(PacketType.CONNACK));
    }

    private Subscribe subscribe() throws Violation {
        int id = packetId();
        Properties properties = properties(PacketType.SUBSCRIBE);
        List<Request> requests = new ArrayList<>();
        while (in.remaining() > 0) {
            roomFor(requests);
            requests.add(request(in.text(), in.u8()));
        }
        notEmpty(requests);
        return new Subscribe(id, requests, properties);
    }

    private Request request(String filter, int options) throws Violation {
        int qos = options & 3;
        boolean noLocal = (options & 4) != 0;
        int retainHandling = options >> 4 & 3;
        int reserved = isV5() ? 0xc0 : 0xfc;
        if ((options & reserved) != 0 || qos == 3 || retainHandling == 3) {
            throw Violation.malformed("subscription options are 0x" + Integer.toHexString(options));
        }
        if (noLocal && filter.startsWith("$share/")) {
            throw Violation.protocol("no-local with a shared subscription");
        }
        return new Request(filter, qos, noLocal, (options & 8) != 0, retainHandling);
    }

    private Unsubscribe unsubscribe() throws Violation {
        int id = packetId();
        Properties properties = properties(PacketType.UNSUBSCRIBE);
        List<String> filters = new ArrayList<>();
        while (in.remaining() > 0) {
            roomFor(filters);
            filters.add(in.text());
        }
        notEmpty(filters);
        return new Unsubscribe(id, filters, properties);
    }

    private static void roomFor(List<?> filters) throws Violation {
        if (filters.size() == MAX_FILTERS) {
            throw new Violation(Reason.QUOTA_EXCEEDED, "more than " + MAX_FILTERS + " filters in a packet");
        }
    }

    private static void notEmpty(List<?> filters) throws Violation {
        if (filters.isEmpty()) {
            throw Violation.protocol("no topic filter");
        }
    }

    private Disconnect disconnect() throws Violation {
        if (!isV5() || in.remaining() == 0) {
            return new Disconnect(Reason.SUCCESS, Properties.NONE);
        }
        return new Disconnect(reason(), rest(PacketType.DISCONNECT));
    }

    private Auth auth() throws Violation {
        if (in.remaining() == 0) {
            return new Auth(Reason.SUCCESS, Properties.NONE);
        }
        return new Auth(reason(), rest(PacketType.AUTH));
    }

    private Properties rest(PacketType type) throws Violation {
        return in.remaining() == 0 ? Properties.NONE : PropertiesCodec.read(in, type);
    }
}
