package dev.weir.connect.mqtt;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;

/// A client that sends exactly what a test says, right or wrong.
@NullUnmarked
final class RawClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;

    private static final Properties LASTING =
            Properties.builder().number(Property.SESSION_EXPIRY_INTERVAL, 3600).build();

    final Socket socket = new Socket();
    final Version version;
    /// The answer to the last CONNECT, if it was a CONNACK.
    Packet.ConnAck greeting;

    private final Decoder decoder;

    RawClient(InetSocketAddress server, Version version) throws IOException {
        this.version = version;
        this.decoder = new Decoder(1 << 24, version);
        socket.connect(server, PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    /// Connects with a clean session.
    static RawClient connected(InetSocketAddress server, Version version, String id) throws Exception {
        RawClient client = new RawClient(server, version);
        Packet answer = client.connect(id, true, Properties.NONE);
        if (!(answer instanceof Packet.ConnAck(boolean present, Reason reason, Properties told)) || reason.isError()) {
            throw new AssertionError("CONNECT was answered by " + answer);
        }
        return client;
    }

    Packet connect(String id, boolean clean, Properties properties) throws Exception {
        return connect(id, clean, 0, null, properties);
    }

    Packet connect(String id, boolean clean, int keepAlive, Packet.Will will, Properties properties) throws Exception {
        send(new Packet.Connect(version, id, clean, keepAlive, will, null, null, properties));
        Packet answer = receive();
        greeting = answer instanceof Packet.ConnAck ack ? ack : null;
        return answer;
    }

    /// Connects with a session that outlives the connection by an hour.
    static RawClient lasting(InetSocketAddress server, Version version, String id, boolean clean) throws Exception {
        RawClient client = new RawClient(server, version);
        client.connect(id, clean, version == Version.V5 ? LASTING : Properties.NONE);
        return client;
    }

    /// Connects with a clean session, a name and a password; null for none.
    Packet login(String id, String user, String password) throws Exception {
        return login(id, user, password, null);
    }

    Packet login(String id, String user, String password, Packet.Will will) throws Exception {
        byte[] secret = password == null ? null : password.getBytes(StandardCharsets.UTF_8);
        send(new Packet.Connect(version, id, true, 0, will, user, secret, Properties.NONE));
        return receive();
    }

    RawClient send(Packet packet) throws IOException {
        Encoder out = new Encoder(256);
        out.write(packet, version);
        socket.getOutputStream().write(out.array(), 0, out.size());
        return this;
    }

    RawClient sendHex(String hex) throws IOException {
        socket.getOutputStream().write(HexFormat.of().parseHex(hex.replace(" ", "")));
        return this;
    }

    RawClient publish(String topic, String payload, int qos, int id) throws IOException {
        return send(publishing(false, topic, payload, qos, id, false, Properties.NONE));
    }

    static Packet.Publish publishing(
            boolean dup, String topic, String payload, int qos, int id, boolean retain, Properties properties) {
        byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
        return new Packet.Publish(dup, qos, retain, topic, id, properties, bytes, 0, bytes.length);
    }

    Packet.SubAck subscribe(String filter, int qos) throws Exception {
        return subscribe(new Packet.Request(filter, qos, false, false, 0), Properties.NONE);
    }

    Packet.SubAck subscribe(Packet.Request request, Properties properties) throws Exception {
        send(new Packet.Subscribe(77, List.of(request), properties));
        return (Packet.SubAck) receive();
    }

    RawClient ack(PacketType type, int id) throws IOException {
        return send(Packet.Ack.of(type, id));
    }

    /// The next packet, or a failure after a minute or at the end of the stream.
    Packet receive() throws Exception {
        Packet packet = receiveOrEnd();
        if (packet == null) {
            throw new AssertionError("the server closed the connection");
        }
        return packet;
    }

    /// The next packet; null when the server closed the connection.
    Packet receiveOrEnd() throws Exception {
        Packet packet = decoder.next();
        while (packet == null) {
            try {
                if (decoder.fill(socket.getInputStream()) < 0) {
                    return null;
                }
            } catch (SocketTimeoutException late) {
                throw new AssertionError("the server sent nothing for a minute", late);
            } catch (IOException reset) {
                return null;
            }
            packet = decoder.next();
        }
        // The view of a payload ends with the next read, but tests compare several messages.
        return packet instanceof Packet.Publish p
                ? new Packet.Publish(
                        p.dup(),
                        p.qos(),
                        p.retain(),
                        p.topic(),
                        p.packetId(),
                        p.properties(),
                        p.payload(),
                        0,
                        p.length())
                : packet;
    }

    Packet.Publish message() throws Exception {
        return (Packet.Publish) receive();
    }

    static String text(Packet.Publish publish) {
        return new String(publish.payload(), StandardCharsets.UTF_8);
    }

    /// Sends a PINGREQ and checks that nothing comes before its answer: what was sent before is
    /// handled.
    void nothingElse() throws Exception {
        send(new Packet.PingReq());
        Packet next = receive();
        if (!(next instanceof Packet.PingResp)) {
            throw new AssertionError("unexpected " + next);
        }
    }

    /// Checks that the server ends the connection, and in MQTT 5 says why.
    void expectEnd(Reason reason) throws Exception {
        if (version == Version.V5) {
            Packet last = receive();
            if (!(last instanceof Packet.Disconnect(Reason said, Properties _)) || said != reason) {
                throw new AssertionError("expected a DISCONNECT with " + reason + ", but got " + last);
            }
        }
        Packet more = receiveOrEnd();
        if (more != null) {
            throw new AssertionError("expected the end of the connection, but got " + more);
        }
    }

    /// Says good-bye and waits for the end of the connection.
    void leave() throws Exception {
        send(new Packet.Disconnect(Reason.SUCCESS, Properties.NONE));
        if (receiveOrEnd() != null) {
            throw new AssertionError("the server sent something after DISCONNECT");
        }
    }

    /// The next bytes as they come, in hexadecimal; nothing may be waiting in the decoder.
    String hex(int bytes) throws IOException {
        return HexFormat.of().formatHex(socket.getInputStream().readNBytes(bytes));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
