package dev.weir.connect.coap;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs tasks one after the other for each key, and keys beside each other. Thread-safe. Holds a
/// key only while it has tasks; how many there are is bounded by whoever adds them.
final class Turns<K> {
    private static final Logger LOG = LoggerFactory.getLogger(Turns.class);

    private final Executor executor;

    /// Guarded by itself. A key is there while a task of it runs; its queue has what comes after.
    private final Map<K, ArrayDeque<Runnable>> waiting = new HashMap<>();

    /// @param executor runs what does not wait; a thread of it is busy as long as a key has tasks
    Turns(Executor executor) {
        this.executor = executor;
    }

    /// Runs a task after those of the same key that were added before. Does not block.
    ///
    /// @return whether it was added; false when `limit` tasks of the key are there already
    boolean add(K key, Runnable task, int limit) {
        synchronized (waiting) {
            ArrayDeque<Runnable> queue = waiting.get(key);
            if (queue != null) {
                return queue.size() + 1 < limit && queue.add(task);
            }
            waiting.put(key, new ArrayDeque<>(2));
        }
        try {
            executor.execute(() -> run(key, task));
        } catch (RuntimeException refused) {
            synchronized (waiting) {
                waiting.remove(key);
            }
            throw refused;
        }
        return true;
    }

    private void run(K key, Runnable first) {
        Runnable task = first;
        while (task != null) {
            try {
                task.run();
            } catch (RuntimeException fault) {
                LOG.error("A CoAP request failed", fault);
            }
            task = next(key);
        }
    }

    private @Nullable Runnable next(K key) {
        synchronized (waiting) {
            ArrayDeque<Runnable> queue = waiting.get(key);
            Runnable next = queue == null ? null : queue.poll();
            if (next == null) {
                waiting.remove(key);
            }
            return next;
        }
    }
}
