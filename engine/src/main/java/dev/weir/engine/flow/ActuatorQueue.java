package dev.weir.engine.flow;

import dev.weir.engine.Actuator;
import dev.weir.engine.Command;
import dev.weir.runtime.Lane;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The commands that wait for one actuator: alarms first, then the others, each in their order.
/// Bounded for both apart, so that others never keep an alarm out. Thread-safe.
final class ActuatorQueue {
    private final Actuator actuator;
    private final int limit;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // guarded by lock
    private final ArrayDeque<Command> alarms = new ArrayDeque<>();
    private final ArrayDeque<Command> others = new ArrayDeque<>();
    private boolean busy;
    private boolean closed;

    ActuatorQueue(Actuator actuator, int limit) {
        this.actuator = actuator;
        this.limit = limit;
    }

    Actuator actuator() {
        return actuator;
    }

    /// Adds a command.
    ///
    /// @return false if there is no room, or nothing is taken any more
    boolean offer(Command command) {
        lock.lock();
        try {
            var queue = command.lane() == Lane.ALARM ? alarms : others;
            if (closed || queue.size() >= limit) {
                return false;
            }
            queue.addLast(command);
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Waits for the next command. The one taken before is then over.
    ///
    /// @return null once the queue is closed and empty
    @Nullable
    Command take() throws InterruptedException {
        lock.lock();
        try {
            busy = false;
            changed.signalAll();
            while (true) {
                Command next = alarms.isEmpty() ? others.pollFirst() : alarms.pollFirst();
                if (next != null) {
                    busy = true;
                    return next;
                }
                if (closed) {
                    return null;
                }
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Waits until nothing waits and nothing is being carried out.
    void awaitIdle() throws InterruptedException {
        lock.lock();
        try {
            while (length() > 0) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /// How many commands wait or are being carried out.
    int length() {
        lock.lock();
        try {
            return alarms.size() + others.size() + (busy ? 1 : 0);
        } finally {
            lock.unlock();
        }
    }

    /// Whether it is closed and empty.
    boolean isOver() {
        lock.lock();
        try {
            return closed && alarms.isEmpty() && others.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /// Takes nothing more in; what waits can still be taken.
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Closes, and gives up what waits.
    List<Command> abandon() {
        lock.lock();
        try {
            closed = true;
            busy = false;
            List<Command> rest = new ArrayList<>(alarms);
            rest.addAll(others);
            alarms.clear();
            others.clear();
            changed.signalAll();
            return rest;
        } finally {
            lock.unlock();
        }
    }
}
