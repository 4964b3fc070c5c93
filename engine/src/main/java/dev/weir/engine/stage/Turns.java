package dev.weir.engine.stage;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Lets threads do things in the order in which they took tickets. A ticket is taken under the
/// lock that decides the order; the thing is done after that lock was released, so it may block,
/// and those with later tickets then wait: that is the back-pressure.
///
/// Every ticket must be used. A thing must not wait for a later ticket's.
public final class Turns {
    private final ReentrantLock lock = new ReentrantLock();

    /// Guarded by the lock of whoever takes tickets.
    private long tickets;

    // guarded by lock
    private final Condition turn = lock.newCondition();
    private long served;

    /// The next ticket. Called under the lock that decides the order.
    public long take() {
        return tickets++;
    }

    /// Waits for the ticket's turn, does the thing, and gives the turn on, also when it throws.
    ///
    /// Waiting cannot be interrupted: a turn that is left out would let later things overtake.
    public void inTurn(long ticket, Runnable thing) {
        await(ticket);
        try {
            thing.run();
        } finally {
            lock.lock();
            try {
                served++;
                turn.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private void await(long ticket) {
        lock.lock();
        try {
            if (served != ticket) {
                Resting.during(() -> awaitTurn(ticket));
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean awaitTurn(long ticket) {
        while (served != ticket) {
            turn.awaitUninterruptibly();
        }
        return true;
    }
}
