package dev.weir.bench;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;

/// The few MQTT 3.1.1 packets that a load generator needs, written by hand so that the generator
/// costs next to nothing.
final class MqttWire implements AutoCloseable {
    final Socket socket;
    final OutputStream out;
    final DataInputStream in;

    private MqttWire(Socket socket) throws IOException {
        this.socket = socket;
        this.out = socket.getOutputStream();
        this.in = new DataInputStream(socket.getInputStream());
    }

    /// Connects with a clean session and no keep-alive.
    static MqttWire connect(InetSocketAddress server, String clientId) throws IOException {
        return hello(new Socket(), server, clientId);
    }

    /// Connects with TLS, a clean session and no keep-alive.
    static MqttWire connect(InetSocketAddress server, String clientId, SSLContext trust) throws IOException {
        return hello(trust.getSocketFactory().createSocket(), server, clientId);
    }

    private static MqttWire hello(Socket socket, InetSocketAddress server, String clientId) throws IOException {
        socket.setTcpNoDelay(true);
        socket.connect(server, 5_000);
        MqttWire wire = new MqttWire(socket);
        byte[] id = clientId.getBytes(StandardCharsets.UTF_8);
        byte[] packet = new byte[14 + id.length];
        packet[0] = 0x10;
        packet[1] = (byte) (12 + id.length);
        packet[3] = 4;
        System.arraycopy("MQTT".getBytes(StandardCharsets.US_ASCII), 0, packet, 4, 4);
        packet[8] = 4;
        packet[9] = 2;
        packet[13] = (byte) id.length;
        System.arraycopy(id, 0, packet, 14, id.length);
        wire.out.write(packet);
        byte[] answer = wire.in.readNBytes(4);
        if (answer.length < 4 || answer[0] != 0x20 || answer[3] != 0) {
            throw new IOException(server + " refused the connection");
        }
        return wire;
    }

    /// A QoS 1 PUBLISH whose packet id, at the returned packet's [#idOffset], is filled in by the
    /// sender.
    static byte[] publish(String topic, byte[] payload) {
        byte[] name = topic.getBytes(StandardCharsets.UTF_8);
        int rest = 2 + name.length + 2 + payload.length;
        int header = rest < 128 ? 2 : 3;
        byte[] packet = new byte[header + rest];
        packet[0] = 0x32;
        if (header == 2) {
            packet[1] = (byte) rest;
        } else {
            packet[1] = (byte) ((rest & 0x7f) | 0x80);
            packet[2] = (byte) (rest >> 7);
        }
        packet[header] = (byte) (name.length >> 8);
        packet[header + 1] = (byte) name.length;
        System.arraycopy(name, 0, packet, header + 2, name.length);
        System.arraycopy(payload, 0, packet, header + 4 + name.length, payload.length);
        return packet;
    }

    /// Where the packet id stands in a packet made by [#publish].
    static int idOffset(byte[] packet, String topic) {
        return (packet[1] < 0 ? 3 : 2) + 2 + topic.getBytes(StandardCharsets.UTF_8).length;
    }

    /// Subscribes with QoS 0 and waits for the acknowledgement.
    void subscribe(String filter) throws IOException {
        byte[] name = filter.getBytes(StandardCharsets.UTF_8);
        byte[] packet = new byte[7 + name.length];
        packet[0] = (byte) 0x82;
        packet[1] = (byte) (5 + name.length);
        packet[3] = 1;
        packet[5] = (byte) name.length;
        System.arraycopy(name, 0, packet, 6, name.length);
        out.write(packet);
        byte[] answer = in.readNBytes(5);
        if (answer.length < 5 || answer[0] != (byte) 0x90 || answer[4] < 0) {
            throw new IOException("the subscription to " + filter + " was refused");
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
