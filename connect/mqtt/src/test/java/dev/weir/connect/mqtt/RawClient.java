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
    final Socket socket = new Socket();
    final Version version;
    private final Decoder decoder;

    RawClient(InetSocketAddress server, Version version) throws IOException {
        this.version = version;
        this.decoder = new Decoder(1 << 24, version);
        socket.connect(server, 10_000);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(10_000);
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
        return receive();
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

    /// The next packet, or a failure after ten seconds or at the end of the stream.
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
                throw new AssertionError("the server sent nothing for 10 s", late);
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

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
