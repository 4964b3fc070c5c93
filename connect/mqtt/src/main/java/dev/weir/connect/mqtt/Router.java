package dev.weir.connect.mqtt;

import dev.weir.connect.mqtt.MqttMeters.Drop;
import dev.weir.connect.mqtt.Packet.Request;
import dev.weir.connect.mqtt.RetainedStore.Slot;
import dev.weir.connect.mqtt.Topics.Filter;
import dev.weir.engine.access.Identity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Who gets which message: the subscriptions and the retained messages of one server.
///
/// Thread-safe, without a lock of its own: matching takes none, and what it finds goes into the
/// queues of sessions, which never blocks on a client. Bounded: subscriptions by session and in
/// all, retained messages in number and bytes ([MqttOptions]); [SysTopics] are few.
final class Router {
    private final MqttOptions options;
    private final MqttMeters meters;
    private final LongSupplier ticker;

    private final TopicTree subscriptions = new TopicTree();
    private final RetainedStore retained;
    /// What is under `$SYS/`.
    private final RetainedStore own = new RetainedStore(1000, 1024 * 1024);

    Router(MqttOptions options, MqttMeters meters, LongSupplier ticker) {
        this.options = options;
        this.meters = meters;
        this.ticker = ticker;
        this.retained = new RetainedStore(options.retainedMessages, options.retainedBytes);
        meters.gauge("weir_mqtt_subscriptions", "Subscriptions", subscriptions::size);
        meters.gauge("weir_mqtt_retained_messages", "Retained messages", retained::messages);
        meters.gauge("weir_mqtt_retained_bytes", "Bytes of retained messages", retained::bytes);
    }

    int subscriptionCount() {
        return subscriptions.size();
    }

    int retainedCount() {
        return retained.messages();
    }

    long retainedBytes() {
        return retained.bytes();
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
        if (!session.subscribed(request.filter(), subscription)) {
            subscriptions.remove(session, filter);
            return Reason.NOT_AUTHORIZED; // only one whose credential was taken away ends while it is connected
        }
        return Reason.granted(request.qos());
    }

    /// Queues the retained messages that a subscription matches (MQTT-3.3.1-9 to MQTT-3.3.1-11).
    void sendRetained(Subscription subscription) {
        Filter filter = subscription.filter();
        if (filter.group() != null) {
            return;
        }
        List<Slot> found = new ArrayList<>();
        RetainedStore store = Topics.isServers(filter.filter()) ? own : retained;
        store.match(filter.filter(), ticker.getAsLong(), found::add);
        long[] ids = subscription.id() == 0 ? Delivery.NO_IDS : new long[] {subscription.id()};
        Session session = subscription.session();
        String notFrom = subscription.noLocal() ? session.clientId() : null;
        for (Slot slot : found) {
            Publication publication = slot.message;
            if (publication != null && subscription.takes(publication.topic) && !isEcho(publication, subscription)) {
                session.deliver(Delivery.stored(slot, subscription.qos(), notFrom, ids));
            }
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

    /// Takes out the subscriptions of a session that has ended.
    void forget(Session session, Collection<Subscription> had) {
        had.forEach(subscription -> subscriptions.remove(session, subscription.filter()));
    }

    /// Whether there are retained messages at all.
    boolean retains() {
        return options.retainedMessages > 0;
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
        return route(publication);
    }

    /// Retains a message under `$SYS/` and gives it to all whose filters match.
    void publishOwn(Publication publication) {
        own.keep(publication, ticker.getAsLong());
        route(publication);
    }

    private boolean route(Publication publication) {
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
                own.merge(subscription.session(), List.of(subscription), Router::joined);
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
        return subscription.noLocal() && subscription.session().clientId().equals(publication.publisher);
    }

    private static void deliver(Publication publication, Subscription to, long[] overlappingIds) {
        if (isEcho(publication, to)) {
            return;
        }
        long[] ids = to.id() == 0 ? overlappingIds : new long[] {to.id()};
        boolean retain = to.retainAsPublished() && publication.retain;
        int qos = Math.min(publication.qos, to.qos());
        to.session().deliver(Delivery.of(publication, qos, retain, ids));
    }

    /// When a message that is published now expires, by the ticker.
    long expiresAt(Properties properties) {
        long seconds = properties.number(Property.MESSAGE_EXPIRY_INTERVAL, -1);
        return seconds < 0 ? Publication.NEVER : ticker.getAsLong() + TimeUnit.SECONDS.toNanos(seconds);
    }
}
