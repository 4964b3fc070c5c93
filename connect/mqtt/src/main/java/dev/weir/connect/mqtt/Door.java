package dev.weir.connect.mqtt;

import dev.weir.engine.access.Access;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What is common to the connections that came in by one listener: its limits, how many there are,
/// and who is asked about them. Thread-safe.
///
/// A full listener is not closed by those who only connect: who has sent no CONNECT gives way to
/// who comes, the longest waiting first. So they would have to be as fast as a whole listener's
/// connections between a client's arrival and its CONNECT to keep it out.
final class Door {
    /// How many may be on their way out to make room, beside those that are in.
    private static final int LEAVING = 64;

    final Limits limits;
    final Access access;
    final Complaints complaints;
    final ThreadFactory readers;
    final ThreadFactory writers;
    final Budget arriving;

    private final MqttMeters meters;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final Set<Connection> leaving = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    // guarded by lock
    private final @Nullable Pace newcomers;
    private final LinkedHashSet<Connection> unknown = new LinkedHashSet<>();
    private boolean shut;

    /// What all doors of a server share.
    ///
    /// @param name the source's name, for threads
    /// @param arriving for what is large and has not come whole
    record House(String name, MqttMeters meters, Complaints complaints, Access access, Budget arriving) {}

    Door(House house, Limits limits, long now) {
        this.limits = limits;
        this.access = house.access();
        this.complaints = house.complaints();
        this.meters = house.meters();
        this.arriving = house.arriving();
        this.readers =
                Thread.ofVirtual().name("mqtt-" + house.name() + "-reader").factory();
        this.writers =
                Thread.ofVirtual().name("mqtt-" + house.name() + "-writer").factory();
        this.newcomers = limits.maxConnectRate.isEmpty()
                ? null
                : new Pace(limits.maxConnectRate.getAsLong(), limits.maxConnectRate.getAsLong(), now);
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
        await(connection);
        if (isShut()) {
            left(connection);
            return null;
        }
        return connection;
    }

    private void await(Connection connection) {
        lock.lock();
        try {
            unknown.add(connection);
        } finally {
            lock.unlock();
        }
    }

    /// Takes note that a CONNECT has come, so that its connection does not give way any more.
    void known(Connection connection) {
        lock.lock();
        try {
            unknown.remove(connection);
        } finally {
            lock.unlock();
        }
    }

    /// Lets the connection that has been without a CONNECT for the longest go, if there is one.
    private boolean makeRoom() {
        Connection oldest;
        lock.lock();
        try {
            oldest = leaving.size() >= LEAVING || unknown.isEmpty() ? null : unknown.removeFirst();
        } finally {
            lock.unlock();
        }
        if (oldest == null) {
            return false;
        }
        leaving.add(oldest);
        connections.remove(oldest);
        oldest.giveWay();
        return true;
    }

    private @Nullable String refusal(long now) {
        if (connections.size() >= limits.maxConnections && !makeRoom()) {
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
        known(connection);
        connections.remove(connection);
        leaving.remove(connection);
    }

    int size() {
        return connections.size();
    }

    List<Connection> connections() {
        List<Connection> all = new ArrayList<>(connections);
        all.addAll(leaving);
        return all;
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
