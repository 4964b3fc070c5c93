package dev.weir.connect.coap;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.network.KeyMID;
import org.eclipse.californium.core.network.deduplication.Deduplicator;
import org.jspecify.annotations.Nullable;

/// Recognises repeated messages. Californium's own deduplicators remember as many peers as there
/// are; this one is bounded in all and for each peer, so that a peer that sends fast forgets its
/// own messages and not those of the others.
///
/// What is still under way is kept as long as it can be, since its repetition would be handed over
/// again. A message is remembered for 247 seconds (EXCHANGE_LIFETIME of RFC 7252) at most.
final class Duplicates implements Deduplicator {
    private static final long LIFETIME_NANOS = TimeUnit.SECONDS.toNanos(247);

    /// How many of the oldest are looked at for one that is done.
    private static final int LOOK = 64;

    private final int max;
    private final int maxPerPeer;
    private final LongSupplier nanoClock;

    /// Guarded by this; in the order of arrival.
    private final Map<KeyMID, Seen> seen = new LinkedHashMap<>();

    /// Guarded by this: the keys of each peer in the order of arrival.
    private final Map<Object, ArrayDeque<KeyMID>> peers = new HashMap<>();

    private record Seen(Exchange exchange, long nanos) {}

    Duplicates(int max, int maxPerPeer, LongSupplier nanoClock) {
        this.max = max;
        this.maxPerPeer = maxPerPeer;
        this.nanoClock = nanoClock;
    }

    @Override
    public void start() {}

    @Override
    public synchronized void stop() {
        clear();
    }

    @Override
    public void setExecutor(ScheduledExecutorService executor) {}

    @Override
    public synchronized @Nullable Exchange findPrevious(KeyMID key, Exchange exchange) {
        long now = nanoClock.getAsLong();
        forget(now);
        Seen previous = seen.get(key);
        if (previous != null) {
            return previous.exchange;
        }
        ArrayDeque<KeyMID> ofPeer = peers.computeIfAbsent(key.getPeer(), _ -> new ArrayDeque<>(2));
        if (ofPeer.size() >= maxPerPeer) {
            forgetOneOf(ofPeer);
        }
        if (seen.size() >= max) {
            forgetOne();
        }
        seen.put(key, new Seen(exchange, now));
        // Again, since the last key of this peer may have just been forgotten.
        peers.computeIfAbsent(key.getPeer(), _ -> ofPeer).add(key);
        return null;
    }

    @Override
    public synchronized boolean replacePrevious(KeyMID key, Exchange previous, Exchange exchange) {
        Seen known = seen.get(key);
        if (known == null || !known.exchange.equals(previous)) {
            return false;
        }
        seen.put(key, new Seen(exchange, known.nanos));
        return true;
    }

    @Override
    public synchronized @Nullable Exchange find(KeyMID key) {
        Seen known = seen.get(key);
        return known == null ? null : known.exchange;
    }

    @Override
    public synchronized boolean isEmpty() {
        return seen.isEmpty();
    }

    @Override
    public synchronized int size() {
        return seen.size();
    }

    @Override
    public synchronized void clear() {
        seen.clear();
        peers.clear();
    }

    /// How many peers have messages here.
    synchronized int peers() {
        return peers.size();
    }

    private void forget(long now) {
        Iterator<Map.Entry<KeyMID, Seen>> all = seen.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<KeyMID, Seen> eldest = all.next();
            if (now - eldest.getValue().nanos < LIFETIME_NANOS) {
                return;
            }
            all.remove();
            unlink(eldest.getKey());
        }
    }

    private void forgetOneOf(ArrayDeque<KeyMID> ofPeer) {
        KeyMID chosen = ofPeer.getFirst();
        for (KeyMID key : ofPeer) {
            Seen known = seen.get(key);
            if (known == null || known.exchange.isComplete()) {
                chosen = key;
                break;
            }
        }
        seen.remove(chosen);
        unlink(chosen);
    }

    private void forgetOne() {
        KeyMID chosen = null;
        int looked = 0;
        for (Map.Entry<KeyMID, Seen> entry : seen.entrySet()) {
            if (chosen == null || entry.getValue().exchange.isComplete()) {
                chosen = entry.getKey();
            }
            if (entry.getValue().exchange.isComplete() || ++looked == LOOK) {
                break;
            }
        }
        if (chosen != null) {
            seen.remove(chosen);
            unlink(chosen);
        }
    }

    private void unlink(KeyMID key) {
        ArrayDeque<KeyMID> ofPeer = peers.get(key.getPeer());
        if (ofPeer != null) {
            ofPeer.removeFirstOccurrence(key);
            if (ofPeer.isEmpty()) {
                peers.remove(key.getPeer());
            }
        }
    }
}
