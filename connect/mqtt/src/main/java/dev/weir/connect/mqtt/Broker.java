package dev.weir.connect.mqtt;

import dev.weir.connect.mqtt.Packet.Connect;
import dev.weir.connect.mqtt.Packet.Will;
import dev.weir.engine.Inlet;
import dev.weir.engine.Message;
import dev.weir.runtime.Scheduler;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Who is a client of one server, and since when not any more: sessions, take-overs, expiry and
/// wills. Who gets which message is the [Router]'s.
///
/// Thread-safe. Lock order: the broker's lock, then the topic tree's or a session's; an outbox's
/// lock, then a session's. Matching and delivering takes no lock of the broker. Bounded: sessions
/// in number, and what waits in all of them in bytes ([MqttOptions]).
final class Broker {
    /// An expiry that MQTT 5 calls "does not expire".
    private static final long FOREVER_SECONDS = 0xffff_ffffL;

    private static final Duration WILL_PATIENCE = Duration.ofSeconds(1);

    /// How often a connection may be taken over at once; a device whose old connection is half open
    /// needs one.
    private static final int TAKE_OVERS = 5;

    private static final double TAKE_OVERS_PER_SECOND = 0.1;
    private static final long FIGHT_NANOS = TimeUnit.SECONDS.toNanos(1);

    final MqttOptions options;
    final MqttMeters meters;
    final LongSupplier ticker;
    final Inlet inlet;
    final Router router;

    private final Budget budget;

    private final ReentrantLock lock = new ReentrantLock();
    // guarded by lock
    private final Map<String, Session> sessions = new HashMap<>();
    /// Those without a connection, the longest away first.
    private final LinkedHashSet<Session> away = new LinkedHashSet<>();

    private boolean closed;

    Broker(MqttOptions options, MqttMeters meters, LongSupplier ticker, Inlet inlet) {
        this.options = options;
        this.meters = meters;
        this.ticker = ticker;
        this.inlet = inlet;
        this.budget = new Budget(options.queueBytesInAll);
        meters.gauge("weir_mqtt_sessions", "Sessions, with and without a connection", this::sessionCount);
        this.router = new Router(options, meters, ticker);
        meters.gauge("weir_mqtt_queued_bytes", "Bytes that wait for subscribers", budget::used);
    }

    // --- sessions ----------------------------------------------------------------------------------

    /// What came of a CONNECT.
    ///
    /// @param session the client's session, now with this connection
    /// @param present whether it existed before
    record Entry(Session session, boolean present) {}

    /// Gives a client its session. An earlier connection of the same client is ended first
    /// (MQTT-3.1.4-3); blocks until it has stopped handing messages over.
    ///
    /// @throws Violation if there is no room or the earlier connection does not end
    Entry enter(Connect connect, String clientId, long expirySeconds, Session.Attachment as)
            throws Violation, InterruptedException {
        Pace takeOvers = null;
        for (int i = 0; i < 10; i++) {
            Connection earlier;
            lock.lock();
            try {
                if (closed) {
                    throw new Violation(Reason.SERVER_SHUTTING_DOWN, "the server stops");
                }
                Session known = sessions.get(clientId);
                if (known != null && !known.isOf(as.identity())) {
                    throw new Violation(Reason.CLIENT_ID_NOT_VALID, "the client id has a session of another user");
                }
                earlier = known == null ? null : known.connection();
                if (known == null || earlier == null) {
                    return enter(connect, clientId, expirySeconds, as, known, takeOvers);
                }
                if (takeOvers == null) {
                    takeOvers = takeOver(known);
                }
            } finally {
                lock.unlock();
            }
            if (takeOvers == null) {
                // It comes again at once: let it wait, on its own thread, instead of us.
                LockSupport.parkNanos(FIGHT_NANOS);
                throw new Violation(
                        Reason.CONNECTION_RATE_EXCEEDED, "client-id-fight", "several clients have the same client id");
            }
            earlier.end(Reason.SESSION_TAKEN_OVER);
            if (!earlier.awaitEnd(Duration.ofSeconds(5))) {
                break;
            }
        }
        throw new Violation(Reason.SERVER_BUSY, "an earlier connection of the same client does not end");
    }

    /// What is left of the take-overs of a session; null if it was taken over too often lately.
    private @Nullable Pace takeOver(Session known) {
        long now = ticker.getAsLong();
        Pace left = known.takeOvers;
        if (left == null) {
            left = new Pace(TAKE_OVERS_PER_SECOND, TAKE_OVERS, now);
            known.takeOvers = left;
        }
        return left.tryTake(now) ? left : null;
    }

    private Entry enter(
            Connect connect,
            String clientId,
            long expirySeconds,
            Session.Attachment as,
            @Nullable Session known,
            @Nullable Pace takeOvers)
            throws Violation {
        boolean present = known != null && !connect.clean();
        if (known == null) {
            makeRoom();
        }
        Will will = connect.will();
        int willBytes = will == null ? 0 : will.weight();
        if (!budget.tryTake(willBytes)) {
            throw new Violation(
                    Reason.QUOTA_EXCEEDED, "no room for the will: " + willBytes + " bytes beyond queue.bytes-in-all");
        }
        if (known != null && !present) {
            end(known);
        }
        Session session =
                known != null && present ? known : new Session(clientId, as, options.retainedMessages, meters, budget);
        takeWill(session); // it came back in time (MQTT-3.1.3-9)
        session.willBytes = willBytes;
        session.expirySeconds = expirySeconds;
        session.takeOvers = takeOvers == null ? session.takeOvers : takeOvers;
        sessions.put(clientId, session);
        away.remove(session);
        session.attach(as);
        return new Entry(session, present);
    }

    /// Drops the session that is longest away when there are too many.
    private void makeRoom() throws Violation {
        if (sessions.size() < options.maxSessions) {
            return;
        }
        if (away.isEmpty()) {
            throw new Violation(
                    Reason.QUOTA_EXCEEDED, "all " + options.maxSessions + " sessions (max-sessions) are connected");
        }
        meters.closed("too-many-sessions");
        end(away.getFirst());
    }

    /// What a session was to publish later, and will not any more unless the caller does. Under the
    /// lock.
    private @Nullable Will takeWill(Session session) {
        Will will = session.pendingWill;
        session.pendingWill = null;
        budget.release(session.willBytes);
        session.willBytes = 0;
        return will;
    }

    /// Takes note that a session's connection has ended.
    ///
    /// @param will what to publish for the client, now or after its delay; null after a proper end
    void leave(Session session, @Nullable Will will) {
        Will due = will;
        lock.lock();
        try {
            session.detach();
            if (sessions.get(session.clientId()) == session) { // not ended meanwhile
                away.add(session);
            }
            long now = ticker.getAsLong();
            session.awaySince = now;
            long delay = will == null ? 0 : will.properties().number(Property.WILL_DELAY_INTERVAL, 0);
            if (session.expirySeconds == 0) {
                end(session);
            } else if (will != null && delay > 0 && !closed) {
                session.pendingWill = will;
                session.willDueAt = now + TimeUnit.SECONDS.toNanos(delay);
                due = null;
            }
            if (session.pendingWill == null) {
                takeWill(session);
            }
            if (closed || session.isRevoked()) {
                due = null;
            }
        } finally {
            lock.unlock();
        }
        if (due != null) {
            publishWill(session, due);
        }
    }

    /// Ends a session for good. Under the lock.
    private void end(Session session) {
        sessions.remove(session.clientId(), session);
        away.remove(session);
        router.forget(session, session.end().values());
        Will will = takeWill(session);
        if (will != null && !closed && !session.isRevoked()) {
            Scheduler.go("mqtt-will", () -> publishWill(session, will));
        }
    }

    /// Ends sessions that expired or whose owner's credential was taken away, and publishes wills
    /// that are due. Called every second or so.
    void sweep() {
        long now = ticker.getAsLong();
        lock.lock();
        try {
            for (Session session : List.copyOf(sessions.values())) {
                Connection connection = session.connection();
                if (session.isRevoked()) {
                    end(session);
                    if (connection != null) {
                        connection.end(Reason.NOT_AUTHORIZED);
                    }
                    continue;
                }
                if (connection != null) {
                    continue;
                }
                Will will = session.pendingWill;
                if (will != null && session.willDueAt - now <= 0) {
                    takeWill(session);
                    Scheduler.go("mqtt-will", () -> publishWill(session, will));
                }
                if (now - session.awaySince >= TimeUnit.SECONDS.toNanos(session.expirySeconds)) {
                    end(session);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /// From now on nobody enters and no will is published.
    void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    /// How long a session may outlive its connection, in seconds.
    long expirySeconds(Connect connect) {
        long cap = options.sessionExpiry.toSeconds();
        if (connect.version() == Version.V3_1_1) {
            return connect.clean() ? 0 : cap;
        }
        return Math.min(cap, connect.properties().number(Property.SESSION_EXPIRY_INTERVAL, 0));
    }

    /// Takes note of the expiry that a DISCONNECT gives, in seconds.
    void setExpiry(Session session, long seconds) {
        lock.lock();
        try {
            session.expirySeconds = Math.min(seconds, options.sessionExpiry.toSeconds());
        } finally {
            lock.unlock();
        }
    }

    /// What the client may be told about its session's expiry: the number itself if it was cut.
    static boolean isCut(Connect connect, long expirySeconds) {
        return connect.properties().number(Property.SESSION_EXPIRY_INTERVAL, 0) != expirySeconds
                && expirySeconds < FOREVER_SECONDS;
    }

    int connectedCount() {
        lock.lock();
        try {
            return (int) sessions.values().stream().filter(Session::isConnected).count();
        } finally {
            lock.unlock();
        }
    }

    /// Bytes that are retained or wait for subscribers.
    long storedBytes() {
        return router.retainedBytes() + budget.used();
    }

    long sessionCount() {
        lock.lock();
        try {
            return sessions.size();
        } finally {
            lock.unlock();
        }
    }

    // --- wills ---------------------------------------------------------------------------------------

    /// Waits a second at most for room in the pipelines: the client is gone, so nobody can be
    /// slowed down.
    private void publishWill(Session session, Will will) {
        byte[] payload = will.payload();
        Properties properties = will.properties();
        Message message = new Message(
                will.topic(),
                payload,
                0,
                payload.length,
                properties.text(Property.CONTENT_TYPE),
                session.clientId(),
                Hops.of(properties),
                Hops.trace(properties));
        try {
            inlet.accept(message, receipt -> {}, WILL_PATIENCE);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
        Properties forwarded = properties.without(Property.WILL_DELAY_INTERVAL, Property.MESSAGE_EXPIRY_INTERVAL);
        router.publish(new Publication(
                will.topic(), payload, will.qos(), will.retain(), forwarded, router.expiresAt(properties), session));
    }
}
