package dev.weir.connect.mqtt;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// What the server tells about itself under `$SYS/broker/`, by the names that Mosquitto's users
/// know. Belongs to the thread that sweeps.
final class SysTopics {
    private static final String ROOT = "$SYS/broker/";
    private static final int[] MINUTES = {1, 5, 15};

    private final Broker broker;
    private final long startedAt;
    private final long intervalNanos;
    private final Map<String, String> told = new HashMap<>();
    private final List<Load> loads = new ArrayList<>();
    private long toldAt;
    private int mostClients;

    /// How much of something came in a minute, as an average that forgets.
    private static final class Load {
        private final String name;
        private final LongSupplier total;
        private final double[] perMinute = new double[MINUTES.length];
        private long before;

        Load(String name, LongSupplier total) {
            this.name = name;
            this.total = total;
            this.before = total.getAsLong();
        }

        void advance(double minutes) {
            long now = total.getAsLong();
            double rate = (now - before) / minutes;
            before = now;
            for (int i = 0; i < MINUTES.length; i++) {
                double kept = Math.exp(-minutes / MINUTES[i]);
                perMinute[i] = rate + kept * (perMinute[i] - rate);
            }
        }
    }

    private SysTopics(Broker broker, Duration interval, long now) {
        this.broker = broker;
        this.startedAt = now;
        this.toldAt = now;
        this.intervalNanos = interval.toNanos();
        MqttMeters meters = broker.meters;
        loads.add(new Load("messages/received", meters::allReceived));
        loads.add(new Load("messages/sent", meters::allSent));
        loads.add(new Load("publish/received", meters.received(PacketType.PUBLISH)::sum));
        loads.add(new Load("publish/sent", meters.sent(PacketType.PUBLISH)::sum));
        loads.add(new Load("publish/dropped", meters::allDropped));
        loads.add(new Load("bytes/received", meters.bytesReceived::sum));
        loads.add(new Load("bytes/sent", meters.bytesSent::sum));
        loads.add(new Load("connections", meters.connectionsOpened::sum));
    }

    /// Tells the first figures; empty where the options want none.
    static Optional<SysTopics> begin(Broker broker, long now) {
        return broker.options.sysInterval.map(interval -> {
            SysTopics topics = new SysTopics(broker, interval, now);
            topics.tell("version", "weir");
            topics.tellAll(now);
            return topics;
        });
    }

    /// Tells what has changed if it is time.
    void sweep(long now) {
        mostClients = Math.max(mostClients, broker.connectedCount());
        if (now - toldAt >= intervalNanos) {
            double minutes = (double) (now - toldAt) / TimeUnit.MINUTES.toNanos(1);
            loads.forEach(load -> load.advance(minutes));
            toldAt = now;
            tellAll(now);
        }
    }

    private void tellAll(long now) {
        MqttMeters meters = broker.meters;
        int connected = broker.connectedCount();
        long total = broker.sessionCount();
        mostClients = Math.max(mostClients, connected);
        tell("uptime", TimeUnit.NANOSECONDS.toSeconds(now - startedAt) + " seconds");
        tell("clients/connected", connected);
        tell("clients/disconnected", Math.max(0, total - connected));
        tell("clients/total", total);
        tell("clients/maximum", mostClients);
        tell("messages/received", meters.allReceived());
        tell("messages/sent", meters.allSent());
        tell("publish/messages/received", meters.received(PacketType.PUBLISH).sum());
        tell("publish/messages/sent", meters.sent(PacketType.PUBLISH).sum());
        tell("publish/messages/dropped", meters.allDropped());
        tell("bytes/received", meters.bytesReceived.sum());
        tell("bytes/sent", meters.bytesSent.sum());
        tell("subscriptions/count", broker.router.subscriptionCount());
        tell("retained messages/count", broker.router.retainedCount());
        tell("store/messages/bytes", broker.storedBytes());
        for (Load load : loads) {
            for (int i = 0; i < MINUTES.length; i++) {
                tell(
                        "load/" + load.name + "/" + MINUTES[i] + "min",
                        String.format(Locale.ROOT, "%.2f", load.perMinute[i]));
            }
        }
    }

    private void tell(String name, long value) {
        tell(name, Long.toString(value));
    }

    private void tell(String name, String value) {
        if (!value.equals(told.put(name, value))) {
            byte[] payload = value.getBytes(StandardCharsets.UTF_8);
            broker.router.publishOwn(
                    new Publication(ROOT + name, payload, 0, true, Properties.NONE, Publication.NEVER, null));
        }
    }
}
