package dev.weir.runtime;

import dev.weir.runtime.control.Insight;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The virtual threads that were started by the library and have not ended, of all schedulers.
///
/// It is as long as there are such threads: each is linked in when it is made and out when it ends,
/// by itself. In parts by the threads' ids, which are given in turn, so that those who start and
/// those who end seldom meet. A part's lock is held for a few instructions, or while somebody
/// copies the part.
final class Roster extends SpinLock {
    private static final int PARTS = 64;
    private static final int MOST_COLLECTED = 1_000;
    private static final Roster[] ALL = all();
    private static final ReferenceQueue<Thread> GONE = new ReferenceQueue<>();
    private static final AtomicLong COLLECTED_COUNT = new AtomicLong();

    /// Guarded by itself.
    private static final ArrayDeque<G> COLLECTED = new ArrayDeque<>();

    // guarded by the lock
    private @Nullable G first;
    private int size;

    private static Roster[] all() {
        var parts = new Roster[PARTS];
        for (int i = 0; i < PARTS; i++) {
            parts[i] = new Roster();
        }
        return parts;
    }

    static G enter(Thread thread, Object origin, long crew, long nanos) {
        settle();
        var g = new G(thread, origin, crew, nanos, GONE);
        part(g).link(g);
        return g;
    }

    /// Returns false if it was struck off before: one that has ended may be told of as collected too.
    static boolean strike(G g) {
        return part(g).unlink(g);
    }

    static boolean has(G g) {
        return part(g).lists(g);
    }

    private boolean lists(G g) {
        lockUnseen();
        try {
            return g.listed;
        } finally {
            unlockUnseen();
        }
    }

    private static Roster part(G g) {
        return ALL[(int) g.id() & PARTS - 1];
    }

    private void link(G g) {
        lockUnseen();
        try {
            G head = first;
            g.next = head;
            if (head != null) {
                head.previous = g;
            }
            first = g;
            g.listed = true;
            size++;
        } finally {
            unlockUnseen();
        }
    }

    private boolean unlink(G g) {
        lockUnseen();
        try {
            if (!g.listed) {
                return false;
            }
            G before = g.previous;
            G after = g.next;
            if (before != null) {
                before.next = after;
            } else {
                first = after;
            }
            if (after != null) {
                after.previous = before;
            }
            g.previous = null;
            g.next = null;
            g.listed = false;
            size--;
            return true;
        } finally {
            unlockUnseen();
        }
    }

    private int size() {
        lockUnseen();
        try {
            return size;
        } finally {
            unlockUnseen();
        }
    }

    private void copy(List<Insight.Known> into, int most) {
        lockUnseen();
        try {
            for (G g = first; g != null && into.size() < most; g = g.next) {
                into.add(g);
            }
        } finally {
            unlockUnseen();
        }
    }

    /// Strikes off those that were collected.
    private static void settle() {
        Reference<? extends Thread> gone;
        while ((gone = GONE.poll()) != null) {
            var g = (G) gone;
            if (strike(g) && g.hasBegun()) {
                COLLECTED_COUNT.incrementAndGet();
                synchronized (COLLECTED) {
                    if (COLLECTED.size() == MOST_COLLECTED) {
                        COLLECTED.removeFirst();
                    }
                    COLLECTED.addLast(g);
                }
            }
        }
    }

    static long count() {
        settle();
        long count = 0;
        for (var part : ALL) {
            count += part.size();
        }
        return count;
    }

    static List<Insight.Known> threads(int most) {
        settle();
        var threads = new ArrayList<Insight.Known>();
        for (var part : ALL) {
            part.copy(threads, most);
        }
        return threads;
    }

    /// Those that were collected without having ended, since the last call.
    static List<Insight.Known> collected() {
        settle();
        synchronized (COLLECTED) {
            var taken = new ArrayList<Insight.Known>(COLLECTED);
            COLLECTED.clear();
            return taken;
        }
    }

    static long collectedCount() {
        settle();
        return COLLECTED_COUNT.get();
    }
}
