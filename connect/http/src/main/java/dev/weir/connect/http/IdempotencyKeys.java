package dev.weir.connect.http;

import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// What was answered to requests that bear a key, so that one who did not get the answer may ask
/// again without its readings being taken twice. Of more keys than it may have it forgets the one
/// unused for longest, but none that is under way. Lost when the node stops. Thread-safe.
final class IdempotencyKeys {
    /// What a key costs at most, its answer included.
    static final int BYTES_EACH = 8192;

    private static final int LONGEST = 255;

    private final int most;
    private final long keepNanos;
    private final LongSupplier ticker;
    private final ReentrantLock lock = new ReentrantLock();

    /// Guarded by `lock`.
    private final LinkedHashMap<Key, Entry> entries = new LinkedHashMap<>(64, 0.75f, true);

    private record Key(String caller, String key) {}

    private static final class Entry {
        final byte[] content;
        boolean underWay = true;
        long at;
        Progress progress = new Progress();

        @Nullable
        Reply reply;

        Entry(byte[] content) {
            this.content = content;
        }
    }

    /// What a request with a key is to do.
    sealed interface Claim {
        /// Answer as before.
        record Again(Reply reply) implements Claim {}

        /// Go on from there, and tell [#finish] or [#pause].
        record Yours(Progress progress) implements Claim {}
    }

    /// @param most how many keys are remembered
    /// @param keep for how long
    /// @param ticker nanoseconds
    IdempotencyKeys(int most, Duration keep, LongSupplier ticker) {
        this.most = most;
        this.keepNanos = keep.toNanos();
        this.ticker = ticker;
    }

    /// Claims a key.
    ///
    /// @param content a hash of all that must be the same the second time
    /// @throws Refusal if the key is under way, belongs to another content, or is none
    Claim claim(String caller, String key, byte[] content) throws Refusal {
        if (key.isEmpty() || key.length() > LONGEST || key.chars().anyMatch(c -> c < 0x20 || c > 0x7e)) {
            throw Refusal.malformed("Idempotency-Key must have 1 to " + LONGEST + " printable ASCII characters");
        }
        Key name = new Key(caller, key);
        lock.lock();
        try {
            Entry entry = entries.get(name);
            if (entry != null && !entry.underWay && ticker.getAsLong() - entry.at > keepNanos) {
                entries.remove(name);
                entry = null;
            }
            return entry == null ? begin(name, content) : repeat(entry, content);
        } finally {
            lock.unlock();
        }
    }

    private Claim begin(Key name, byte[] content) {
        Entry entry = new Entry(content.clone());
        entries.put(name, entry);
        evict();
        return new Claim.Yours(entry.progress);
    }

    private void evict() {
        Iterator<Map.Entry<Key, Entry>> eldest = entries.entrySet().iterator();
        while (entries.size() > most && eldest.hasNext()) {
            if (!eldest.next().getValue().underWay) {
                eldest.remove();
            }
        }
    }

    private static Claim repeat(Entry entry, byte[] content) throws Refusal {
        if (!Arrays.equals(entry.content, content)) {
            throw new Refusal(422, "key-reused", "this Idempotency-Key was used for another request");
        }
        if (entry.underWay) {
            throw new Refusal(
                    409,
                    "under-way",
                    "the first request with this Idempotency-Key is still under way",
                    Refusal.RETRY_AFTER);
        }
        if (entry.reply != null) {
            return new Claim.Again(entry.reply);
        }
        entry.underWay = true;
        return new Claim.Yours(entry.progress);
    }

    /// From now on a request with this key gets this answer.
    void finish(String caller, String key, Reply reply) {
        end(caller, key, reply);
    }

    /// The next request with this key goes on where this one ended.
    void pause(String caller, String key) {
        end(caller, key, null);
    }

    private void end(String caller, String key, @Nullable Reply reply) {
        lock.lock();
        try {
            Entry entry = entries.get(new Key(caller, key));
            if (entry != null) {
                entry.underWay = false;
                entry.reply = reply;
                if (reply != null) {
                    entry.progress = new Progress();
                }
                entry.at = ticker.getAsLong();
            }
        } finally {
            lock.unlock();
        }
    }
}
