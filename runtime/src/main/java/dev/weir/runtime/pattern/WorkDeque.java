package dev.weir.runtime.pattern;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The elements of one worker of a [StealingPool]: its owner puts in and takes out, thieves take
/// from the other end. A lock and a plain deque: the owner almost never meets anybody, and a thief
/// takes half at once.
final class WorkDeque<T> {
    // set once
    private final int capacity;
    private final boolean newestFirst;
    private final ReentrantLock lock = new ReentrantLock();

    // guarded by the lock
    private final ArrayDeque<T> elements = new ArrayDeque<>();

    // written under the lock, read by thieves
    private volatile int size;

    WorkDeque(int capacity, boolean newestFirst) {
        this.capacity = capacity;
        this.newestFirst = newestFirst;
    }

    boolean push(T element) {
        lock.lock();
        try {
            boolean fits = elements.size() < capacity;
            if (fits) {
                elements.addLast(element);
                size = elements.size();
            }
            return fits;
        } finally {
            lock.unlock();
        }
    }

    /// For the owner.
    @Nullable
    T take() {
        lock.lock();
        try {
            T taken = newestFirst ? elements.pollLast() : elements.pollFirst();
            size = elements.size();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /// For thieves: half of what is there, rounded up, in the order in which the owner of these
    /// would have put them in.
    List<T> stealHalf() {
        if (size == 0) {
            return List.of();
        }
        lock.lock();
        try {
            var stolen = new ArrayList<T>();
            for (int i = (elements.size() + 1) / 2; i > 0; i--) {
                stolen.add(newestFirst ? elements.removeFirst() : elements.removeLast());
            }
            size = elements.size();
            return newestFirst ? stolen : stolen.reversed();
        } finally {
            lock.unlock();
        }
    }

    int capacity() {
        return capacity;
    }

    int size() {
        return size;
    }
}
