package dev.weir.connect.mqtt;

import dev.weir.engine.access.Access;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What is common to the connections that came in by one listener: its limits, how many there are,
/// and who is asked about them. Thread-safe.
final class Door {
    final Limits limits;
    final Access access;
    final Complaints complaints;
    final ThreadFactory readers;
    final ThreadFactory writers;

    private final MqttMeters meters;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    // guarded by lock
    private final @Nullable Pace newcomers;
    private boolean shut;

    /// What all doors of a server share.
    ///
    /// @param name the source's name, for threads
    record House(String name, MqttMeters meters, Complaints complaints, Access access) {}

    Door(House house, Limits limits, long now) {
        this.limits = limits;
        this.access = house.access();
        this.complaints = house.complaints();
        this.meters = house.meters();
        this.readers =
                Thread.ofVirtual().name("mqtt-" + house.name() + "-reader").factory();
        this.writers =
                Thread.ofVirtual().name("mqtt-" + house.name() + "-writer").factory();
        this.newcomers = limits.maxConnectRate.isEmpty() ? null : new Pace(limits.maxConnectRate.getAsLong(), now);
    }

    /// Takes a connection in, if the limits let it; it is not started yet. Who is not let in is
    /// counted, and the caller hangs up.
    @Nullable
    Connection enter(Transport transport, Broker broker) {
        String refusal = refusal(broker.ticker.getAsLong());
        if (refusal != null) {
            meters.closed(refusal);
            complaints.note(refusal, transport.peer(), "the listener's limit is reached");
            return null;
        }
        meters.connectionsOpened.increment();
        Connection connection = new Connection(transport, this, broker);
        connections.add(connection);
        if (isShut()) {
            connections.remove(connection);
            return null;
        }
        return connection;
    }

    private @Nullable String refusal(long now) {
        if (connections.size() >= limits.maxConnections) {
            return "too-many-connections";
        }
        lock.lock();
        try {
            return newcomers == null || newcomers.tryTake(now) ? null : "connect-rate";
        } finally {
            lock.unlock();
        }
    }

    void left(Connection connection) {
        connections.remove(connection);
    }

    int size() {
        return connections.size();
    }

    List<Connection> connections() {
        return List.copyOf(connections);
    }

    void check(long now) {
        connections.forEach(connection -> connection.check(now));
    }

    /// From now on nobody enters.
    void shut() {
        lock.lock();
        try {
            shut = true;
        } finally {
            lock.unlock();
        }
    }

    private boolean isShut() {
        lock.lock();
        try {
            return shut;
        } finally {
            lock.unlock();
        }
    }
}
