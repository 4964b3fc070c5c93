package dev.weir.connect.mqtt;

import dev.weir.engine.Upgrades;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.time.Duration;

/// A WebSocket of the node's HTTP port. Packets may begin and end anywhere in its frames
/// (MQTT-6.0.0-2).
record WebTransport(Upgrades.Duplex duplex) implements Transport {
    @Override
    public InputStream input() {
        return duplex.input();
    }

    @Override
    public OutputStream output() {
        return duplex.output();
    }

    @Override
    public InetAddress address() {
        return duplex.peer();
    }

    @Override
    public String peer() {
        return duplex.peerText();
    }

    @Override
    public void finishOutput() throws IOException {
        duplex.finishOutput();
    }

    @Override
    public void limitReads(Duration timeout) {
        duplex.limitReads(timeout);
    }

    @Override
    public void close() {
        duplex.close();
    }
}
