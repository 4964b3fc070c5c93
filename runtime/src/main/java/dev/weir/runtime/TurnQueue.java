package dev.weir.runtime;

import org.jspecify.annotations.Nullable;

/// A ring of turns, first in, first out. Bounded by [RunQueue#CAPACITY]; who owns it guards it.
final class TurnQueue {
    private final @Nullable Runnable[] ring = new Runnable[RunQueue.CAPACITY];
    private int head;
    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    boolean isFull() {
        return size == ring.length;
    }

    void add(Runnable turn) {
        ring[(head + size) % ring.length] = turn;
        size++;
    }

    @Nullable
    Runnable poll() {
        if (size == 0) {
            return null;
        }
        Runnable turn = ring[head];
        ring[head] = null;
        head = (head + 1) % ring.length;
        size--;
        return turn;
    }
}
