package dev.weir.cli;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// A device with MQTT 3.1.1 that publishes as fast as the socket takes it, and leaves without a
/// word.
final class Blast implements AutoCloseable {
    /// Messages of one write.
    static final int EACH = 64;

    private static final String PAYLOAD = "{\"seq\":1,\"t\":21.5}";
    private static final int BUFFER = 64 * 1024;

    private final Socket socket = new Socket();
    private final DataInputStream in;
    private final byte[] burst;
    private final int qos;

    /// Sends CONNECT; [#greeted] reads the answer.
    Blast(int port, String id, int qos) throws IOException {
        this.qos = qos;
        this.burst = burst("load/" + id, qos);
        socket.setSendBufferSize(BUFFER);
        socket.setSoLinger(true, 0);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 30_000);
        socket.setSoTimeout(60_000);
        in = new DataInputStream(socket.getInputStream());
        byte[] name = id.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream connect = new ByteArrayOutputStream();
        connect.writeBytes(new byte[] {0x10, (byte) (12 + name.length), 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0});
        connect.writeBytes(new byte[] {0, (byte) name.length});
        connect.writeBytes(name);
        socket.getOutputStream().write(connect.toByteArray());
    }

    private static byte[] burst(String topic, int qos) {
        byte[] name = topic.getBytes(StandardCharsets.UTF_8);
        byte[] payload = PAYLOAD.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 1; i <= EACH; i++) {
            int length = 2 + name.length + payload.length + 2 * qos;
            all.writeBytes(new byte[] {(byte) (0x30 | qos << 1), (byte) length, 0, (byte) name.length});
            all.writeBytes(name);
            all.writeBytes(qos == 0 ? new byte[0] : new byte[] {0, (byte) i});
            all.writeBytes(payload);
        }
        return all.toByteArray();
    }

    /// Reads CONNACK.
    Blast greeted() throws IOException {
        if (in.readInt() != 0x20020000) {
            throw new IOException("the node does not let it in");
        }
        return this;
    }

    /// Publishes [#EACH] messages; those of QoS 1 are acknowledged then.
    void publish() throws IOException {
        socket.getOutputStream().write(burst);
        for (int i = 1; i <= EACH && qos == 1; i++) {
            if (in.readInt() != (0x40020000 | i)) {
                throw new IOException("no PUBACK for message " + i);
            }
        }
    }

    /// Resets the connection.
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
