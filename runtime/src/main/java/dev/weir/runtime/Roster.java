package dev.weir.runtime;

import dev.weir.runtime.control.Insight;
import dev.weir.runtime.control.VirtualThreads;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// The virtual threads that were started by the library, have begun and have not ended, of all
/// schedulers.
///
/// In parts, one for a carrier where there are not too many: a thread enters when it begins, in the
/// part of the carrier it begins on, with a lock that nobody else wants but who copies the part; and
/// clears its place when it ends, wherever that is, without one. A part goes round through its
/// places to find a free one, and grows when it has found few of them on its last round, so that an
/// entry takes no more than four looks in the long run. It is a few times as long as there were such
/// threads at the same time, until it has gone round again.
final class Roster extends SpinLock {
    private static final VarHandle PLACE = MethodHandles.arrayElementVarHandle(G[].class);
    private static final int PARTS = 64;
    private static final int LEAST = 64;
    private static final int MOST_LOST = 1_000;
    private static final Roster[] ALL = all();
    private static final AtomicInteger GIVEN = new AtomicInteger();

    /// Replaced under the lock.
    @SuppressWarnings("NullAway") // of nullable elements, which it does not see
    private volatile G[] places = new G[LEAST];

    // guarded by the lock
    private int next;
    private int found;
    private final ArrayDeque<G> lost = new ArrayDeque<>();
    private long lostCount;

    private static Roster[] all() {
        var parts = new Roster[PARTS];
        for (int i = 0; i < PARTS; i++) {
            parts[i] = new Roster();
        }
        return parts;
    }

    /// A part for a new carrier.
    static Roster part() {
        return ALL[GIVEN.getAndIncrement() & PARTS - 1];
    }

    /// Enters the current thread.
    static G enter(G g) {
        Thread current = Thread.currentThread();
        if (VirtualThreads.areOpen() && VirtualThreads.carrier() instanceof Carrier carrier) {
            g.begin(current, carrier.home.aboutNow());
            carrier.roster.add(g);
        } else {
            g.begin(current, Deadline.nanoTime());
            ALL[(int) current.threadId() & PARTS - 1].add(g);
        }
        return g;
    }

    /// What is ended counts as gone wherever it stands: a copy of the places may be under way.
    static void leave(G g) {
        g.end();
        Roster part = g.roster;
        if (part != null) {
            G[] places = part.places;
            if (g.slot < places.length) {
                PLACE.compareAndSet(places, g.slot, g, null);
            }
        }
    }

    private void add(G g) {
        lockUnseen();
        try {
            g.roster = this;
            g.slot = freeLocked();
            PLACE.setRelease(places, g.slot, g);
        } finally {
            unlockUnseen();
        }
    }

    private int freeLocked() {
        while (true) {
            if (next == places.length) {
                roundLocked();
            }
            int slot = next++;
            G there = (G) PLACE.getAcquire(places, slot);
            if (there == null || there.hasEnded()) {
                found++;
                return slot;
            }
        }
    }

    /// After a round, makes the part longer if few places were free, or shorter if most were.
    private void roundLocked() {
        int length = places.length;
        next = 0;
        if (found < length / 4) {
            sweepLocked();
            places = Arrays.copyOf(places, 2 * length);
            next = length;
        } else if (length > LEAST && found > length - length / 8 && isUpperHalfFree()) {
            places = Arrays.copyOf(places, length / 2);
        }
        found = 0;
    }

    private boolean isUpperHalfFree() {
        for (int i = places.length / 2; i < places.length; i++) {
            G there = (G) PLACE.getAcquire(places, i);
            if (there != null && !there.hasEnded()) {
                return false;
            }
        }
        return true;
    }

    /// Takes note of those that were collected, and frees their places.
    private void sweepLocked() {
        for (int i = 0; G.ARE_COLLECTED && i < places.length; i++) {
            G there = (G) PLACE.getAcquire(places, i);
            if (there != null && there.isLost() && PLACE.compareAndSet(places, i, there, null)) {
                lostCount++;
                if (lost.size() == MOST_LOST) {
                    lost.removeFirst();
                }
                lost.addLast(there);
            }
        }
    }

    private int count() {
        int count = 0;
        G[] all = places;
        for (int i = 0; i < all.length; i++) {
            G there = (G) PLACE.getAcquire(all, i);
            if (there != null && !there.hasEnded()) {
                count++;
            }
        }
        return count;
    }

    private void copy(List<Insight.Known> into, int most) {
        G[] all = places;
        for (int i = 0; i < all.length && into.size() < most; i++) {
            G there = (G) PLACE.getAcquire(all, i);
            if (there != null && !there.hasEnded()) {
                into.add(there);
            }
        }
    }

    private void takeLost(List<Insight.Known> into) {
        lockUnseen();
        try {
            sweepLocked();
            into.addAll(lost);
            lost.clear();
        } finally {
            unlockUnseen();
        }
    }

    private long countLost() {
        lockUnseen();
        try {
            sweepLocked();
            return lostCount;
        } finally {
            unlockUnseen();
        }
    }

    static long size() {
        long count = 0;
        for (var part : ALL) {
            count += part.count();
        }
        return count;
    }

    static List<Insight.Known> threads(int most) {
        var threads = new ArrayList<Insight.Known>();
        for (var part : ALL) {
            part.copy(threads, most);
        }
        return threads;
    }

    /// Those that were collected without having ended, since the last call.
    static List<Insight.Known> collected() {
        var taken = new ArrayList<Insight.Known>();
        for (var part : ALL) {
            part.takeLost(taken);
        }
        return taken;
    }

    static long collectedCount() {
        long count = 0;
        for (var part : ALL) {
            count += part.countLost();
        }
        return count;
    }
}
