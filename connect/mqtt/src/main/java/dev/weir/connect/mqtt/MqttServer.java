package dev.weir.connect.mqtt;

import dev.weir.engine.Inlet;
import dev.weir.engine.Meters;
import dev.weir.engine.Source;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An MQTT 3.1.1 and 5.0 server. Every message that a client publishes goes to the inlet and to
/// the clients that subscribed to it.
///
/// Threads: one accepts, one looks after silent clients and expired sessions once a second, one
/// virtual thread reads each connection, and one writes to it while there is something to write.
/// All of them end in [#close].
public final class MqttServer implements Source {
    private static final Logger LOG = LoggerFactory.getLogger(MqttServer.class);
    private static final int BACKLOG = 1024;
    private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String name;
    private final MqttOptions options;
    private final MqttMeters meters;
    private final LongSupplier ticker;
    private final Complaints complaints;
    private final ThreadFactory threads;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

    private volatile @Nullable ServerSocket listening;
    private volatile @Nullable Broker broker;
    private volatile boolean closed;
    private @Nullable Thread sweeper;

    /// Makes a server that does not listen yet.
    ///
    /// @param name the source's name, for threads, logs and meters
    public MqttServer(String name, MqttOptions options, Meters meters) {
        this(name, options, meters, System::nanoTime);
    }

    MqttServer(String name, MqttOptions options, Meters meters, LongSupplier ticker) {
        this.name = name;
        this.options = options;
        this.meters = new MqttMeters(meters, name);
        this.ticker = ticker;
        this.complaints = new Complaints(LOG, name, ticker);
        this.threads = Thread.ofVirtual().name("mqtt-" + name).factory();
        this.meters.gauge("weir_mqtt_connections", "Connections that are open", connections::size);
    }

    /// What waits for clients, and what is retained.
    @Override
    public long worstCaseBytes() {
        return options.queueBytesInAll + options.retainedBytes;
    }

    @Override
    public void open(Inlet inlet) throws IOException {
        ServerSocket socket = bind();
        listening = socket;
        Broker opened = new Broker(options, meters, ticker, inlet);
        broker = opened;
        if (!socket.getInetAddress().isLoopbackAddress()) {
            LOG.warn(
                    "mqtt listens beyond this machine and this version has no authentication source={} address={}",
                    name,
                    address());
        }
        Thread.ofVirtual().name("mqtt-" + name + "-accept").start(() -> accept(socket, opened));
        sweeper = Thread.ofVirtual().name("mqtt-" + name + "-sweep").start(() -> sweep(opened));
    }

    private ServerSocket bind() throws IOException {
        InetSocketAddress address = options.listen.resolve();
        String where = "sources." + name + ".mqtt.listen";
        if (address.isUnresolved()) {
            throw new IOException("cannot listen on " + options.listen + ": the host '" + options.listen.host()
                    + "' is unknown; name an address of this machine under " + where);
        }
        ServerSocket socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(address, BACKLOG);
            return socket;
        } catch (BindException refused) {
            socket.close();
            throw new IOException(explain(refused, where), refused);
        } catch (IOException refused) {
            socket.close();
            throw new IOException(
                    "cannot listen on " + options.listen + ": " + refused.getMessage() + "; see " + where, refused);
        }
    }

    private String explain(BindException refused, String where) {
        String cause = String.valueOf(refused.getMessage());
        if (cause.contains("in use")) {
            return options.listen + " is taken by another process; stop it or choose another port under " + where;
        }
        if (cause.contains("ermission")) {
            return options.listen + " needs a privilege, as every port below 1024 does; choose a higher one under "
                    + where;
        }
        return options.listen + " is not an address of this machine (" + cause + "); choose another under " + where;
    }

    /// Where it listens, with the port that the system chose if the options said 0.
    ///
    /// @throws IllegalStateException if it is not open
    public InetSocketAddress address() {
        ServerSocket socket = listening;
        if (socket == null) {
            throw new IllegalStateException("source '" + name + "' is not open");
        }
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /// How many connections are open.
    public int connections() {
        return connections.size();
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
        if (!current.fits(topic)) {
            throw new IOException("topic '" + topic + "' has more than " + options.maxTopicLength + " characters or "
                    + options.maxTopicLevels + " levels");
        }
        long expiresAt = expiry == null ? Publication.NEVER : ticker.getAsLong() + expiry.toNanos();
        return current.publish(new Publication(topic, payload, qos, retain, Properties.NONE, expiresAt, null));
    }

    private void accept(ServerSocket socket, Broker opened) {
        while (!closed) {
            try {
                welcome(socket.accept(), opened);
            } catch (IOException failed) {
                if (closed) {
                    return;
                }
                // Mostly too many open files: connections that end make room again.
                complaints.note("accept", "?", String.valueOf(failed.getMessage()));
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            }
        }
    }

    private void welcome(Socket socket, Broker opened) throws IOException {
        if (connections.size() >= options.maxConnections) {
            meters.closed("too-many-connections");
            complaints.note(
                    "too-many-connections",
                    String.valueOf(socket.getRemoteSocketAddress()),
                    "max-connections is " + options.maxConnections);
            socket.close();
            return;
        }
        Transport transport;
        try {
            transport = Transport.Tcp.of(socket);
        } catch (IOException goneAgain) {
            socket.close();
            return;
        }
        meters.connectionsOpened.increment();
        Connection connection = new Connection(transport, opened, complaints, threads, connections::remove);
        connections.add(connection);
        connection.start();
        if (closed) {
            connection.abort();
        }
    }

    private void sweep(Broker opened) {
        while (!closed) {
            LockSupport.parkNanos(SWEEP_NANOS);
            long now = ticker.getAsLong();
            connections.forEach(connection -> connection.check(now));
            opened.sweep();
        }
    }

    /// Ends all connections: MQTT 5 clients are told that the server stops. Blocks for five seconds
    /// at most.
    @Override
    public void close() {
        boolean first = !closed;
        closed = true;
        Broker opened = broker;
        if (!first || opened == null) {
            return;
        }
        opened.close();
        closeListener();
        boolean interrupted = Thread.interrupted();
        List<Connection> all = List.copyOf(connections);
        all.forEach(connection -> connection.end(Reason.SERVER_SHUTTING_DOWN));
        interrupted |= awaitEnd(all, Duration.ofSeconds(1));
        connections.forEach(Connection::abort);
        interrupted |= awaitEnd(List.copyOf(connections), Duration.ofSeconds(3));
        LockSupport.unpark(sweeper);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeListener() {
        try {
            ServerSocket socket = listening;
            if (socket != null) {
                socket.close();
            }
        } catch (IOException gone) {
            // It does not listen any more, which is what was wanted.
        }
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
