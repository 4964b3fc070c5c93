package dev.weir.connect.mqtt;

import dev.weir.connect.mqtt.MqttMeters.Drop;
import dev.weir.connect.mqtt.Packet.Connect;
import dev.weir.connect.mqtt.Packet.Request;
import dev.weir.connect.mqtt.Packet.Will;
import dev.weir.connect.mqtt.Topics.Filter;
import dev.weir.engine.Inlet;
import dev.weir.engine.Message;
import dev.weir.engine.access.Identity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Who gets which message: sessions, subscriptions, retained messages and wills of one server.
///
/// Thread-safe. Lock order: the broker's lock, then the topic tree's or a session's; an outbox's
/// lock, then a session's. Matching and delivering takes no lock of the broker.
final class Broker {
    /// An expiry that MQTT 5 calls "does not expire".
    private static final long FOREVER_SECONDS = 0xffff_ffffL;

    private static final Duration WILL_PATIENCE = Duration.ofSeconds(1);

    final MqttOptions options;
    final MqttMeters meters;
    final LongSupplier ticker;
    final Inlet inlet;

    private final TopicTree subscriptions = new TopicTree();
    private final RetainedStore retained;
    private final Budget budget;

    private final ReentrantLock lock = new ReentrantLock();
    // guarded by lock
    private final Map<String, Session> sessions = new HashMap<>();
    private boolean closed;

    Broker(MqttOptions options, MqttMeters meters, LongSupplier ticker, Inlet inlet) {
        this.options = options;
        this.meters = meters;
        this.ticker = ticker;
        this.inlet = inlet;
        this.retained = new RetainedStore(options.retainedMessages, options.retainedBytes);
        this.budget = new Budget(options.queueBytesInAll);
        meters.gauge("weir_mqtt_sessions", "Sessions, with and without a connection", this::sessionCount);
        meters.gauge("weir_mqtt_subscriptions", "Subscriptions", subscriptions::size);
        meters.gauge("weir_mqtt_retained_messages", "Retained messages", retained::messages);
        meters.gauge("weir_mqtt_retained_bytes", "Bytes of retained messages", retained::bytes);
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
                if (earlier == null) {
                    return enter(connect, clientId, expirySeconds, as, known);
                }
            } finally {
                lock.unlock();
            }
            earlier.end(Reason.SESSION_TAKEN_OVER);
            if (!earlier.awaitEnd(Duration.ofSeconds(5))) {
                break;
            }
        }
        throw new Violation(Reason.SERVER_BUSY, "an earlier connection of the same client does not end");
    }

    private Entry enter(
            Connect connect, String clientId, long expirySeconds, Session.Attachment as, @Nullable Session known) {
        boolean present = known != null && !connect.clean();
        if (known != null && !present) {
            end(known);
        }
        if (known != null && present) {
            known.pendingWill = null; // it came back in time (MQTT-3.1.3-9)
        }
        Session session = known != null && present
                ? known
                : new Session(clientId, as, options.retainedMessages, meters, budget);
        session.expirySeconds = expirySeconds;
        if (!present) {
            makeRoom();
            sessions.put(clientId, session);
        }
        session.attach(as);
        return new Entry(session, present);
    }

    /// Drops the session that is longest away when there are too many.
    private void makeRoom() {
        if (sessions.size() < options.maxSessions) {
            return;
        }
        Session oldest = null;
        for (Session session : sessions.values()) {
            if (!session.isConnected() && (oldest == null || session.awaySince - oldest.awaySince < 0)) {
                oldest = session;
            }
        }
        if (oldest != null) {
            meters.closed("too-many-sessions");
            end(oldest);
        }
    }

    /// Takes note that a session's connection has ended.
    ///
    /// @param will what to publish for the client, now or after its delay; null after a proper end
    void leave(Session session, @Nullable Will will) {
        Will due = will;
        lock.lock();
        try {
            session.detach();
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
        session.end().values().forEach(had -> subscriptions.remove(session, had.filter()));
        Will will = session.pendingWill;
        session.pendingWill = null;
        if (will != null && !closed && !session.isRevoked()) {
            Thread.ofVirtual().name("mqtt-will").start(() -> publishWill(session, will));
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
                    session.pendingWill = null;
                    Thread.ofVirtual().name("mqtt-will").start(() -> publishWill(session, will));
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

    private long sessionCount() {
        lock.lock();
        try {
            return sessions.size();
        } finally {
            lock.unlock();
        }
    }

    // --- subscriptions -----------------------------------------------------------------------------

    /// Makes a subscription; the retained messages it asks for follow in the session's queue.
    Reason subscribe(Session session, Request request, long subscriptionId) {
        Filter filter = Topics.parse(request.filter());
        if (filter == null || !fits(request.filter())) {
            return Reason.TOPIC_FILTER_INVALID;
        }
        boolean known = session.subscription(request.filter()) != null;
        if (!known
                && (session.subscriptionCount() >= options.maxSubscriptions
                        || subscriptions.size() >= options.maxSubscriptionsInAll)) {
            return Reason.QUOTA_EXCEEDED;
        }
        Identity.Verdict verdict = session.maySubscribe(filter.filter());
        if (Permissions.subscribing(verdict).isError()) {
            return Permissions.subscribing(verdict);
        }
        Subscription subscription = new Subscription(
                session,
                filter,
                request.qos(),
                request.noLocal(),
                request.retainAsPublished(),
                subscriptionId,
                verdict == Identity.Verdict.PARTLY);
        subscriptions.add(subscription);
        session.subscribed(request.filter(), subscription);
        return Reason.granted(request.qos());
    }

    /// Queues the retained messages that a subscription matches (MQTT-3.3.1-9 to MQTT-3.3.1-11).
    void sendRetained(Subscription subscription) {
        Filter filter = subscription.filter();
        if (filter.group() != null) {
            return;
        }
        List<Publication> found = new ArrayList<>();
        retained.match(filter.filter(), ticker.getAsLong(), found::add);
        long[] ids = subscription.id() == 0 ? Delivery.NO_IDS : new long[] {subscription.id()};
        for (Publication publication : found) {
            if (!subscription.takes(publication.topic)) {
                continue;
            }
            int qos = Math.min(publication.qos, subscription.qos());
            subscription.session().deliver(new Delivery(publication, qos, true, ids, true));
        }
    }

    Reason unsubscribe(Session session, String filter) {
        Subscription had = session.unsubscribed(filter);
        if (had == null) {
            return Topics.parse(filter) == null ? Reason.TOPIC_FILTER_INVALID : Reason.NO_SUBSCRIPTION_EXISTED;
        }
        subscriptions.remove(session, had.filter());
        return Reason.SUCCESS;
    }

    /// Whether a topic or filter is within the limits.
    boolean fits(String topic) {
        return topic.length() <= options.maxTopicLength && Topics.levels(topic) <= options.maxTopicLevels;
    }

    // --- messages ------------------------------------------------------------------------------------

    /// Whether anybody could want a message, so that it is worth a copy.
    boolean hasSubscriptions() {
        return subscriptions.size() > 0;
    }

    /// Retains a message if it says so and gives it to all whose filters match.
    ///
    /// @return whether any did
    boolean publish(Publication publication) {
        if (publication.retain && !retained.keep(publication, ticker.getAsLong())) {
            meters.dropped(Drop.RETAINED_FULL).increment();
        }
        List<Subscription> found = new ArrayList<>(4);
        subscriptions.match(publication.topic, found::add);
        if (found.size() == 1) {
            deliver(publication, found.getFirst(), Delivery.NO_IDS);
        } else if (found.size() > 1) {
            deliverOnce(publication, found);
        }
        return !found.isEmpty();
    }

    /// A session whose filters overlap gets one copy with the highest QoS and all identifiers
    /// (MQTT-3.3.5-1, MQTT-3.3.4-2, MQTT-3.3.4-4); a shared subscription's copy is one of its own.
    private void deliverOnce(Publication publication, List<Subscription> found) {
        Map<Session, List<Subscription>> own = HashMap.newHashMap(found.size());
        for (Subscription subscription : found) {
            if (subscription.filter().group() != null) {
                deliver(publication, subscription, Delivery.NO_IDS);
            } else if (!isEcho(publication, subscription)) {
                own.merge(subscription.session(), List.of(subscription), Broker::joined);
            }
        }
        own.forEach((session, all) -> {
            Subscription first = all.getFirst();
            if (all.size() == 1) {
                deliver(publication, first, Delivery.NO_IDS);
                return;
            }
            int qos = all.stream().mapToInt(Subscription::qos).max().orElse(0);
            boolean asPublished = all.stream().anyMatch(Subscription::retainAsPublished);
            long[] ids = all.stream()
                    .mapToLong(Subscription::id)
                    .filter(id -> id != 0)
                    .toArray();
            deliver(publication, new Subscription(session, first.filter(), qos, false, asPublished, 0, false), ids);
        });
    }

    private static List<Subscription> joined(List<Subscription> some, List<Subscription> more) {
        List<Subscription> all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }

    private static boolean isEcho(Publication publication, Subscription subscription) {
        return subscription.noLocal() && subscription.session() == publication.publisher;
    }

    private static void deliver(Publication publication, Subscription to, long[] overlappingIds) {
        if (isEcho(publication, to)) {
            return;
        }
        long[] ids = to.id() == 0 ? overlappingIds : new long[] {to.id()};
        boolean retain = to.retainAsPublished() && publication.retain;
        int qos = Math.min(publication.qos, to.qos());
        to.session().deliver(new Delivery(publication, qos, retain, ids, false));
    }

    /// When a message that is published now expires, by the ticker.
    long expiresAt(Properties properties) {
        long seconds = properties.number(Property.MESSAGE_EXPIRY_INTERVAL, -1);
        return seconds < 0 ? Publication.NEVER : ticker.getAsLong() + TimeUnit.SECONDS.toNanos(seconds);
    }

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
                0);
        try {
            inlet.accept(message, receipt -> {}, WILL_PATIENCE);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
        Properties forwarded = properties.without(Property.WILL_DELAY_INTERVAL, Property.MESSAGE_EXPIRY_INTERVAL);
        publish(new Publication(
                will.topic(), payload, will.qos(), will.retain(), forwarded, expiresAt(properties), session));
    }
}
