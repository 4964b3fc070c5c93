package dev.weir.connect.mqtt;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The retained messages, in a tree by topic level, so that a filter visits only what it may match.
///
/// Thread-safe. Bounded in messages and bytes: what does not fit is not retained.
final class RetainedStore {
    private static final long BETWEEN_SWEEPS_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ReentrantLock lock = new ReentrantLock();
    private final int maxMessages;
    private final long maxBytes;

    // guarded by lock
    private final Node root = new Node();
    private int messages;
    private long bytes;
    private long sweptAt = Long.MIN_VALUE;

    /// The place of a topic's message. Whoever waits to send it holds the place and not the
    /// message, which is then the one of that moment, and is freed when it is replaced.
    static sealed class Slot permits Node {
        /// Written under the lock, read by everybody.
        volatile @Nullable Publication message;
    }

    private static final class Node extends Slot {
        private final Map<String, Node> children = new HashMap<>(2);
    }

    RetainedStore(int maxMessages, long maxBytes) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
    }

    int messages() {
        lock.lock();
        try {
            return messages;
        } finally {
            lock.unlock();
        }
    }

    long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    /// Keeps a message in the place of its topic's; one without payload takes it out (MQTT-3.3.1-6,
    /// MQTT-3.3.1-7).
    ///
    /// @return whether there was room
    boolean keep(Publication message, long now) {
        String[] levels = message.topic.split("/", -1);
        lock.lock();
        try {
            if (message.payload.length == 0) {
                remove(root, levels, 0);
                return true;
            }
            if (!fits(message, at(levels))) {
                sweep(now);
                if (!fits(message, at(levels))) {
                    remove(root, levels, 0);
                    return false;
                }
            }
            put(message, levels);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Calls `found` for the place of each message that the filter matches and that has not
    /// expired, under the lock.
    void match(String filter, long now, Consumer<Slot> found) {
        String[] levels = filter.split("/", -1);
        lock.lock();
        try {
            match(root, levels, 0, now, found);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Publication at(String[] levels) {
        Node node = root;
        for (String level : levels) {
            node = node.children.get(level);
            if (node == null) {
                return null;
            }
        }
        return node.message;
    }

    /// In the place that is there already, if one is: others may hold it.
    private void put(Publication message, String[] levels) {
        Node node = root;
        for (String level : levels) {
            node = node.children.computeIfAbsent(level, absent -> new Node());
        }
        Publication replaced = node.message;
        messages += replaced == null ? 1 : 0;
        bytes += cost(message) - (replaced == null ? 0 : cost(replaced));
        node.message = message;
    }

    private boolean fits(Publication message, @Nullable Publication replaced) {
        long freed = replaced == null ? 0 : cost(replaced);
        return (replaced != null || messages < maxMessages) && bytes - freed + cost(message) <= maxBytes;
    }

    /// What a message takes at most, the tree's nodes included.
    private static long cost(Publication message) {
        return message.weight() + 200L * Topics.levels(message.topic);
    }

    private boolean remove(Node node, String[] levels, int depth) {
        if (depth == levels.length) {
            drop(node);
        } else {
            Node child = node.children.get(levels[depth]);
            if (child != null && remove(child, levels, depth + 1)) {
                node.children.remove(levels[depth]);
            }
        }
        return node.message == null && node.children.isEmpty();
    }

    /// Takes out what has expired; not often, since a client that fills the store asks for it with
    /// every message.
    private void sweep(long now) {
        if (sweptAt == Long.MIN_VALUE || now - sweptAt >= BETWEEN_SWEEPS_NANOS) {
            sweptAt = now;
            removeExpired(root, now);
        }
    }

    private boolean removeExpired(Node node, long now) {
        Publication message = node.message;
        if (message != null && message.isExpired(now)) {
            drop(node);
        }
        node.children.values().removeIf(child -> removeExpired(child, now));
        return node.message == null && node.children.isEmpty();
    }

    private void drop(Node node) {
        Publication message = node.message;
        if (message != null) {
            messages--;
            bytes -= cost(message);
            node.message = null;
        }
    }

    private static void match(Node node, String[] levels, int depth, long now, Consumer<Slot> found) {
        if (depth == levels.length) {
            report(node, now, found);
            return;
        }
        String level = levels[depth];
        switch (level) {
            case "#" -> everything(node, depth, now, found);
            case "+" ->
                node.children.forEach((name, child) -> {
                    if (depth > 0 || !name.startsWith("$")) {
                        match(child, levels, depth + 1, now, found);
                    }
                });
            default -> {
                Node child = node.children.get(level);
                if (child != null) {
                    match(child, levels, depth + 1, now, found);
                }
            }
        }
    }

    private static void everything(Node node, int depth, long now, Consumer<Slot> found) {
        report(node, now, found);
        node.children.forEach((name, child) -> {
            if (depth > 0 || !name.startsWith("$")) {
                everything(child, depth + 1, now, found);
            }
        });
    }

    private static void report(Node node, long now, Consumer<Slot> found) {
        Publication message = node.message;
        if (message != null && !message.isExpired(now)) {
            found.accept(node);
        }
    }
}
