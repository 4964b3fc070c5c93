package dev.weir.runtime;

import org.jspecify.annotations.Nullable;

/// Turns on their way from one queue to another, with their lanes. For one carrier.
final class Loot {
    private final @Nullable Runnable[] turns = new Runnable[RunQueue.CAPACITY / 2];
    private final Lane[] lanes = new Lane[RunQueue.CAPACITY / 2];
    private int size;

    int room() {
        return turns.length - size;
    }

    int size() {
        return size;
    }

    void add(Lane lane, Runnable turn) {
        turns[size] = turn;
        lanes[size] = lane;
        size++;
    }

    Lane lane(int index) {
        return lanes[index];
    }

    Runnable turn(int index) {
        Runnable turn = turns[index];
        if (turn == null) {
            throw new IndexOutOfBoundsException("turn " + index + " of " + size);
        }
        return turn;
    }

    void dropLast() {
        size--;
        turns[size] = null;
    }

    void clear() {
        for (int i = 0; i < size; i++) {
            turns[i] = null;
        }
        size = 0;
    }
}
