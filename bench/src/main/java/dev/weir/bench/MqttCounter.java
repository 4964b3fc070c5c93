package dev.weir.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.LongAdder;

/// A subscriber that counts what it gets.
final class MqttCounter implements AutoCloseable {
    private final MqttWire wire;
    private final LongAdder count;
    private final Thread reader;

    private MqttCounter(MqttWire wire, LongAdder count) {
        this.wire = wire;
        this.count = count;
        this.reader = Thread.ofVirtual().name("counter").start(this::read);
    }

    static MqttCounter start(InetSocketAddress server, String filter, String clientId) throws IOException {
        return start(server, filter, clientId, new LongAdder());
    }

    /// One of several that count together.
    static MqttCounter start(InetSocketAddress server, String filter, String clientId, LongAdder count)
            throws IOException {
        MqttWire wire = MqttWire.connect(server, clientId);
        wire.subscribe(filter);
        return new MqttCounter(wire, count);
    }

    /// QoS 0 messages so far.
    long count() {
        return count.sum();
    }

    private void read() {
        byte[] buffer = new byte[16 * 1024];
        long skip = 0;
        int header = 0;
        int shift = 0;
        long length = 0;
        try {
            while (true) {
                int read = wire.in.read(buffer);
                if (read < 0) {
                    return;
                }
                int at = 0;
                while (at < read) {
                    if (skip > 0) {
                        int step = (int) Math.min(skip, read - at);
                        at += step;
                        skip -= step;
                    } else if (header == 0) {
                        header = buffer[at++] & 0xff;
                        shift = 0;
                        length = 0;
                    } else {
                        int b = buffer[at++];
                        length |= (long) (b & 0x7f) << shift;
                        shift += 7;
                        if (b >= 0) {
                            count.add(header >> 4 == 3 ? 1 : 0);
                            skip = length;
                            header = 0;
                        }
                    }
                }
            }
        } catch (IOException e) {
            // The run is over and the socket is closed.
        }
    }

    @Override
    public void close() throws IOException {
        wire.close();
        try {
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
