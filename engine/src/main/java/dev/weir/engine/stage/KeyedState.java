package dev.weir.engine.stage;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;

/// State by key, bounded in all, in shards with a lock each. Thread-safe.
///
/// A step changes the state of one key under its shard's lock and may put out things of type `O`
/// (results of windows, held readings). They reach the consumer after the lock is released, so
/// that the consumer may block; still each shard hands them over in the order in which they came
/// up. For that a thread with output waits, without a lock, until threads before it have handed
/// theirs over: the back-pressure of a consumer that blocks.
///
/// The bound counts the [State#weight] of all keys. A thread that went beyond it makes room
/// before it goes on: of the fullest shard, the key that was touched least recently sheds weight,
/// and the loss is counted. Threads at work may be beyond the bound by one change each.
///
/// @param <K> a key with `equals` and `hashCode`
/// @param <S> what is kept for a key
/// @param <O> what comes out
public final class KeyedState<K, S extends KeyedState.State<O>, O> {
    /// Bytes for a key beside its state: entry of the map, table, a key of about 40 characters.
    public static final long KEY_BYTES = 160;

    private static final int SHARDS = 16;
    private static final int SHARD_MIN = 512;

    private final List<Shard> shards = new ArrayList<>();
    private final Function<? super K, ? extends S> fresh;
    private final int limit;
    private final AtomicInteger total = new AtomicInteger();
    private final LongAdder evicted = new LongAdder();

    /// What is kept for one key. Only touched under the shard's lock.
    ///
    /// @param <O> what comes out
    public interface State<O> {
        /// How much it counts against the bound; 0 when the key need not be kept.
        int weight();

        /// Makes room: gives up at least one unit of weight, and puts out what must not be lost.
        void shed(List<O> out);
    }

    /// One change of the state of one key.
    ///
    /// @param <S> what is kept for a key
    /// @param <O> what comes out
    /// @param <R> the answer
    @FunctionalInterface
    public interface Step<S, O, R> {
        /// Called under the lock: must not block.
        R apply(S state, List<O> out);
    }

    /// @param limit the bound of all weights together, at least 1
    /// @param fresh makes the state of a new key
    public KeyedState(int limit, Function<? super K, ? extends S> fresh) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1, but was " + limit);
        }
        this.limit = limit;
        this.fresh = fresh;
        int count = Math.clamp(limit / SHARD_MIN, 1, SHARDS);
        for (int i = 0; i < count; i++) {
            shards.add(new Shard());
        }
    }

    /// Changes the state of a key, and hands what came up to `consumer`, which may block.
    public <R> R update(K key, Step<? super S, O, R> step, Consumer<? super O> consumer) {
        Shard shard = shard(key);
        List<O> out = new ArrayList<>(0);
        R answer;
        long ticket;
        shard.lock.lock();
        try {
            answer = shard.apply(key, step, out);
            ticket = shard.ticket(out);
        } finally {
            shard.lock.unlock();
        }
        shard.deliver(ticket, out, consumer);
        while (total.get() > limit) {
            fullest().makeRoom(consumer);
        }
        return answer;
    }

    private Shard fullest() {
        Shard fullest = shards.getFirst();
        for (Shard shard : shards) {
            fullest = shard.load > fullest.load ? shard : fullest;
        }
        return fullest;
    }

    private Shard shard(K key) {
        int hash = key.hashCode() * 0x9E3779B9;
        return shards.get((hash >>> 16) % shards.size());
    }

    /// Looks at the state of a key without making one; `absent` when there is none. `question` is
    /// called under the lock.
    public <R> R look(K key, R absent, Function<? super S, R> question) {
        Shard shard = shard(key);
        shard.lock.lock();
        try {
            S state = shard.states.get(key);
            return state == null ? absent : question.apply(state);
        } finally {
            shard.lock.unlock();
        }
    }

    /// Applies a step to every key, the least recently touched first; a key whose weight is 0
    /// afterwards is gone. Other threads may go on meanwhile; a key they add may be left out.
    public void forEach(Step<? super S, O, ?> step, Consumer<? super O> consumer) {
        for (Shard shard : shards) {
            List<O> out = new ArrayList<>();
            long ticket;
            shard.lock.lock();
            try {
                shard.applyToAll(step, out);
                ticket = shard.ticket(out);
            } finally {
                shard.lock.unlock();
            }
            shard.deliver(ticket, out, consumer);
        }
    }

    /// How often a key had to shed for want of room.
    public long evicted() {
        return evicted.sum();
    }

    /// The number of keys.
    public int keys() {
        int sum = 0;
        for (Shard shard : shards) {
            shard.lock.lock();
            try {
                sum += shard.states.size();
            } finally {
                shard.lock.unlock();
            }
        }
        return sum;
    }

    private final class Shard {
        private static final long NO_OUTPUT = -1;

        final ReentrantLock lock = new ReentrantLock();
        private final Turns turns = new Turns();

        // guarded by lock
        private final LinkedHashMap<K, S> states = new LinkedHashMap<>(16, 0.75f, true);

        /// Written under the lock, read by whoever looks for the fullest shard.
        private volatile int load;

        <R> R apply(K key, Step<? super S, O, R> step, List<O> out) {
            S state = states.get(key);
            int before = 0;
            if (state == null) {
                state = fresh.apply(key);
                states.put(key, state);
            } else {
                before = state.weight();
            }
            R answer = step.apply(state, out);
            int after = state.weight();
            weigh(after - before);
            if (after == 0) {
                states.remove(key);
            }
            return answer;
        }

        private void weigh(int more) {
            if (more != 0) {
                load = load + more;
                total.addAndGet(more);
            }
        }

        /// Another thread may have made room by the time the lock is taken.
        void makeRoom(Consumer<? super O> consumer) {
            List<O> out = new ArrayList<>();
            long ticket;
            lock.lock();
            try {
                if (total.get() > limit && !states.isEmpty()) {
                    relieve(out);
                }
                ticket = ticket(out);
            } finally {
                lock.unlock();
            }
            deliver(ticket, out, consumer);
        }

        private void relieve(List<O> out) {
            Iterator<Map.Entry<K, S>> entries = states.entrySet().iterator();
            S eldest = entries.next().getValue();
            int before = eldest.weight();
            eldest.shed(out);
            int after = eldest.weight();
            if (after >= before) {
                throw new IllegalStateException("a state must give up weight when asked to");
            }
            weigh(after - before);
            evicted.increment();
            if (after == 0) {
                entries.remove();
            }
        }

        void applyToAll(Step<? super S, O, ?> step, List<O> out) {
            for (Iterator<S> all = states.values().iterator(); all.hasNext(); ) {
                S state = all.next();
                int before = state.weight();
                step.apply(state, out);
                int after = state.weight();
                weigh(after - before);
                if (after == 0) {
                    all.remove();
                }
            }
        }

        long ticket(List<O> out) {
            return out.isEmpty() ? NO_OUTPUT : turns.take();
        }

        void deliver(long ticket, List<O> out, Consumer<? super O> consumer) {
            if (ticket != NO_OUTPUT) {
                turns.inTurn(ticket, () -> out.forEach(consumer));
            }
        }
    }
}
