package dev.weir.connect.mqtt;

import dev.weir.connect.mqtt.Topics.Filter;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Who subscribed to what: a tree with one level for each level of a topic.
///
/// Any number of threads may match without a lock, since nodes hold immutable arrays; changes are
/// serialized by one lock. A match that runs beside a change sees the subscription or not. Bounded
/// by sessions times subscriptions of each; empty nodes are taken out.
final class TopicTree {
    private static final Subscription[] NOBODY = {};
    private static final ShareGroup[] NO_GROUPS = {};

    private final ReentrantLock lock = new ReentrantLock();
    private final Node root = new Node();
    /// Changed under the lock, read by everybody.
    private final AtomicInteger size = new AtomicInteger();

    private static final class Node {
        private final Map<String, Node> children = new ConcurrentHashMap<>(2);
        private volatile Subscription[] subscriptions = NOBODY;
        private volatile ShareGroup[] groups = NO_GROUPS;

        boolean isEmpty() {
            return subscriptions.length == 0 && groups.length == 0 && children.isEmpty();
        }
    }

    /// How many subscriptions there are.
    int size() {
        return size.get();
    }

    /// Whether no node is left, too.
    boolean isEmpty() {
        return root.isEmpty();
    }

    /// Adds a subscription in the place of an equal filter's of the same session.
    ///
    /// @return whether there was none before
    boolean add(Subscription subscription) {
        lock.lock();
        try {
            Node node = root;
            Filter filter = subscription.filter();
            for (String level : filter.filter().split("/", -1)) {
                node = node.children.computeIfAbsent(level, absent -> new Node());
            }
            boolean fresh = !removeFrom(node, subscription.session(), filter);
            addTo(node, subscription);
            size.addAndGet(fresh ? 1 : 0);
            return fresh;
        } finally {
            lock.unlock();
        }
    }

    private static void addTo(Node node, Subscription subscription) {
        String group = subscription.filter().group();
        if (group == null) {
            node.subscriptions = with(node.subscriptions, subscription);
            return;
        }
        for (ShareGroup known : node.groups) {
            if (known.name().equals(group)) {
                known.join(subscription);
                return;
            }
        }
        ShareGroup[] groups = Arrays.copyOf(node.groups, node.groups.length + 1);
        groups[groups.length - 1] = new ShareGroup(group, subscription);
        node.groups = groups;
    }

    /// Takes a session's subscription out.
    ///
    /// @return whether there was one
    boolean remove(Session session, Filter filter) {
        lock.lock();
        try {
            boolean removed = remove(root, filter.filter().split("/", -1), 0, session, filter);
            size.addAndGet(removed ? -1 : 0);
            return removed;
        } finally {
            lock.unlock();
        }
    }

    private static boolean remove(Node node, String[] levels, int depth, Session session, Filter filter) {
        if (depth == levels.length) {
            return removeFrom(node, session, filter);
        }
        Node child = node.children.get(levels[depth]);
        if (child == null) {
            return false;
        }
        boolean removed = remove(child, levels, depth + 1, session, filter);
        if (child.isEmpty()) {
            node.children.remove(levels[depth]);
        }
        return removed;
    }

    private static boolean removeFrom(Node node, Session session, Filter filter) {
        String group = filter.group();
        if (group == null) {
            Subscription[] old = node.subscriptions;
            node.subscriptions = without(old, session);
            return node.subscriptions.length < old.length;
        }
        for (ShareGroup known : node.groups) {
            if (known.name().equals(group)) {
                boolean left = known.leave(session);
                if (known.isEmpty()) {
                    node.groups = Arrays.stream(node.groups)
                            .filter(other -> other != known)
                            .toArray(ShareGroup[]::new);
                }
                return left;
            }
        }
        return false;
    }

    static Subscription[] with(Subscription[] old, Subscription added) {
        Subscription[] longer = Arrays.copyOf(old, old.length + 1);
        longer[old.length] = added;
        return longer;
    }

    static Subscription[] without(Subscription[] old, Session session) {
        return Arrays.stream(old)
                .filter(subscription -> subscription.session() != session)
                .toArray(Subscription[]::new);
    }

    /// Calls `found` for each subscription that matches; of a shared group for one member. A
    /// session with overlapping filters is found several times.
    void match(String topic, Consumer<Subscription> found) {
        if (size.get() > 0) {
            match(root, topic, 0, found);
        }
    }

    private static void match(Node node, String topic, int from, Consumer<Subscription> found) {
        Map<String, Node> children = node.children;
        // Topics that begin with $ are for who names them: no wildcard in the first level finds
        // them (MQTT-4.7.2-1).
        boolean wildcards = from != 0 || topic.isEmpty() || topic.charAt(0) != '$';
        if (wildcards) {
            found(children.get("#"), topic, found);
        }
        if (from > topic.length()) {
            found(node, topic, found);
            return;
        }
        if (children.isEmpty()) {
            return;
        }
        int slash = topic.indexOf('/', from);
        int end = slash < 0 ? topic.length() : slash;
        Node child = children.get(topic.substring(from, end));
        if (child != null) {
            match(child, topic, end + 1, found);
        }
        Node plus = wildcards ? children.get("+") : null;
        if (plus != null) {
            match(plus, topic, end + 1, found);
        }
    }

    private static void found(@Nullable Node node, String topic, Consumer<Subscription> found) {
        if (node == null) {
            return;
        }
        for (Subscription subscription : node.subscriptions) {
            if (subscription.takes(topic)) {
                found.accept(subscription);
            }
        }
        for (ShareGroup group : node.groups) {
            Subscription member = group.next(topic);
            if (member != null) {
                found.accept(member);
            }
        }
    }
}
