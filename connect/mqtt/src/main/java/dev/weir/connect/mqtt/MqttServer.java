package dev.weir.connect.mqtt;

import dev.weir.engine.Inlet;
import dev.weir.engine.Meters;
import dev.weir.engine.Source;
import dev.weir.engine.Upgrades;
import dev.weir.engine.access.Access;
import dev.weir.runtime.Scheduler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An MQTT 3.1.1 and 5.0 server. Every message that a client publishes goes to the inlet and to
/// the clients that subscribed to it. Clients come in by TCP, TLS and WebSocket; all of them meet
/// in one [Broker].
///
/// Threads: one for each listener accepts, one looks after silent clients and expired sessions once
/// a second, one virtual thread reads each connection, and one writes to it while there is
/// something to write. All of them end in [#close].
public final class MqttServer implements Source {
    private static final Logger LOG = LoggerFactory.getLogger(MqttServer.class);
    private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final List<String> PROTOCOLS = List.of("mqtt", "mqttv3.1");

    private final String name;
    private final MqttOptions options;
    private final Surrounding around;
    private final MqttMeters meters;
    private final LongSupplier ticker;
    private final Door.House house;
    private final List<Door> doors = new CopyOnWriteArrayList<>();

    // set by `open`
    private final List<Listener> listeners = new ArrayList<>();
    private volatile @Nullable Listener plain;
    private volatile @Nullable Listener secure;
    private Upgrades.@Nullable Mount mount;
    private volatile @Nullable Broker broker;
    private @Nullable Thread sweeper;

    private volatile boolean closed;

    /// What the server needs of the node.
    record Surrounding(Meters meters, Access access, Upgrades upgrades, LongSupplier ticker) {}

    /// Makes a server that does not listen yet, and that lets everybody in and do everything.
    ///
    /// @param name the source's name, for threads, logs and meters
    public MqttServer(String name, MqttOptions options, Meters meters) {
        this(name, options, meters, Access.open(), Upgrades.none());
    }

    /// Makes a server that does not listen yet.
    ///
    /// @param name the source's name, for threads, logs and meters
    /// @param access who may come in, and do what
    /// @param upgrades where WebSockets come from
    public MqttServer(String name, MqttOptions options, Meters meters, Access access, Upgrades upgrades) {
        this(name, options, new Surrounding(meters, access, upgrades, System::nanoTime));
    }

    MqttServer(String name, MqttOptions options, Meters meters, LongSupplier ticker) {
        this(name, options, new Surrounding(meters, Access.open(), Upgrades.none(), ticker));
    }

    MqttServer(String name, MqttOptions options, Surrounding around) {
        this.name = name;
        this.options = options;
        this.around = around;
        this.meters = new MqttMeters(around.meters(), name);
        this.ticker = around.ticker();
        this.house = new Door.House(
                name, meters, new Complaints(LOG, name, ticker), around.access(), new Budget(options.packetBytesInAll));
        this.meters.gauge("weir_mqtt_connections", "Connections that are open", this::connections);
    }

    /// What waits for clients, what is retained, and large packets that are arriving.
    @Override
    public long worstCaseBytes() {
        return options.queueBytesInAll + options.retainedBytes + options.packetBytesInAll;
    }

    @Override
    public void open(Inlet inlet) throws IOException {
        try {
            bind();
            Broker opened = new Broker(options, meters, ticker, inlet);
            broker = opened;
            options.tls.ifPresent(tls -> tls.tls().meter(around.meters(), name));
            if (options.web.isPresent()) {
                mount = mount(options.web.get(), opened);
            }
            listeners.forEach(listener -> listener.start("mqtt-" + name + "-accept", opened, inlet::failed));
            Optional<SysTopics> sys = SysTopics.begin(opened, ticker.getAsLong());
            sweeper = Scheduler.go("mqtt-" + name + "-sweep", () -> {
                try {
                    sweep(opened, sys);
                } catch (RuntimeException | Error died) {
                    inlet.failed(died);
                }
            });
        } catch (IOException refused) {
            listeners.forEach(Listener::close);
            throw refused;
        }
    }

    private void bind() throws IOException {
        String where = "sources." + name + ".mqtt.";
        if (options.tcp.isPresent()) {
            MqttOptions.Tcp tcp = options.tcp.get();
            Listener bound = Listener.bind(tcp.address(), where + "listen", door(tcp.limits()), Transport.Tcp::new);
            plain = bound;
            listeners.add(bound);
        }
        if (options.tls.isPresent()) {
            MqttOptions.Tls tls = options.tls.get();
            Listener bound = Listener.bind(
                    tls.address(),
                    where + "tls.listen",
                    door(tls.limits()),
                    socket -> new TlsTransport(socket, tls.tls()));
            secure = bound;
            listeners.add(bound);
        }
    }

    private Door door(Limits limits) {
        Door door = new Door(house, limits, ticker.getAsLong());
        doors.add(door);
        return door;
    }

    private Upgrades.Mount mount(MqttOptions.Web web, Broker opened) throws IOException {
        Door door = door(web.limits());
        Upgrades.WebSocketTerms terms = new Upgrades.WebSocketTerms(
                PROTOCOLS, web.origins(), web.limits().maxConnections, web.limits().maxPacketBytes);
        return around.upgrades().mount(web.path(), terms, duplex -> serve(door, duplex, opened));
    }

    /// The HTTP port's thread waits for the connection's own, which is interrupted in ways that are
    /// the connection's own business.
    private static void serve(Door door, Upgrades.Duplex duplex, Broker opened) throws InterruptedException {
        Connection connection = door.enter(new WebTransport(duplex), opened);
        if (connection == null) {
            return;
        }
        connection.start();
        try {
            connection.awaitEnd();
        } catch (InterruptedException stopping) {
            connection.end(Reason.SERVER_SHUTTING_DOWN);
            connection.awaitEnd(Duration.ofSeconds(1));
            connection.abort();
            throw stopping;
        }
    }

    /// Where it listens on TCP, with the port that the system chose if the options said 0.
    ///
    /// @throws IllegalStateException if it is not open, or has no such listener
    public InetSocketAddress address() {
        return address(plain);
    }

    /// Where it listens on TLS, with the port that the system chose if the options said 0.
    ///
    /// @throws IllegalStateException if it is not open, or has no such listener
    public InetSocketAddress tlsAddress() {
        return address(secure);
    }

    private InetSocketAddress address(@Nullable Listener listener) {
        if (listener == null) {
            throw new IllegalStateException("source '" + name + "' does not listen there");
        }
        return listener.address();
    }

    /// How many connections are open.
    public int connections() {
        return doors.stream().mapToInt(Door::size).sum();
    }

    /// Gives a message of the node itself to the subscribers, as if a client had published it, but
    /// not to the inlet. Any thread; does not block on a subscriber.
    ///
    /// @param qos 0, 1 or 2
    /// @param expiry how long it may wait for a subscriber; without, for ever
    /// @return whether any subscription matched
    /// @throws IOException if the server is not open, or the topic is not one
    public boolean publish(String topic, byte[] payload, int qos, boolean retain, @Nullable Duration expiry)
            throws IOException {
        Broker current = broker;
        if (current == null || closed) {
            throw new IOException("source '" + name + "' is not open");
        }
        try {
            Topics.checkName(topic);
        } catch (Violation notTopic) {
            throw new IOException(notTopic.detail(), notTopic);
        }
        if (Topics.isServers(topic)) {
            throw new IOException("topic '" + topic + "' is under $SYS, which is the server's own");
        }
        if (!current.router.fits(topic)) {
            throw new IOException("topic '" + topic + "' has more than " + options.maxTopicLength + " characters or "
                    + options.maxTopicLevels + " levels");
        }
        long expiresAt = expiry == null ? Publication.NEVER : ticker.getAsLong() + expiry.toNanos();
        return current.router.publish(new Publication(topic, payload, qos, retain, Properties.NONE, expiresAt, null));
    }

    private void sweep(Broker opened, Optional<SysTopics> sys) {
        while (!closed) {
            LockSupport.parkNanos(SWEEP_NANOS);
            long now = ticker.getAsLong();
            doors.forEach(door -> door.check(now));
            opened.sweep();
            sys.ifPresent(topics -> topics.sweep(now));
        }
    }

    /// Ends all connections: MQTT 5 clients are told that the server stops. Blocks for five seconds
    /// at most, and longer only if the HTTP port does.
    @Override
    public void close() {
        boolean first = !closed;
        closed = true;
        Broker opened = broker;
        if (!first || opened == null) {
            return;
        }
        opened.close();
        listeners.forEach(Listener::close);
        doors.forEach(Door::shut);
        boolean interrupted = Thread.interrupted();
        List<Connection> all = all();
        all.forEach(connection -> connection.end(Reason.SERVER_SHUTTING_DOWN));
        interrupted |= awaitEnd(all, Duration.ofSeconds(1));
        all().forEach(Connection::abort);
        interrupted |= awaitEnd(all(), Duration.ofSeconds(3));
        if (mount != null) {
            mount.close();
        }
        LockSupport.unpark(sweeper);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Connection> all() {
        return doors.stream().flatMap(door -> door.connections().stream()).toList();
    }

    private boolean awaitEnd(List<Connection> waiting, Duration patience) {
        long until = ticker.getAsLong() + patience.toNanos();
        boolean interrupted = false;
        for (Connection connection : waiting) {
            long left = Math.max(1, until - ticker.getAsLong());
            try {
                connection.awaitEnd(Duration.ofNanos(left));
            } catch (InterruptedException hurry) {
                interrupted = true;
                until = ticker.getAsLong();
            }
        }
        return interrupted;
    }
}
