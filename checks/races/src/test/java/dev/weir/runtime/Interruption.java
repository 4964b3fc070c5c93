package dev.weir.runtime;

/// An interrupt of one actor by another that reaches it in this round and in no other.
final class Interruption {
    private volatile Thread interrupted = Thread.currentThread();
    private volatile boolean begun;
    private volatile boolean sent;
    private volatile boolean over;

    /// The actor that will be interrupted is about to wait.
    void begin() {
        interrupted = Thread.currentThread();
        begun = true;
    }

    void interrupt() {
        while (!begun) {
            Thread.onSpinWait();
        }
        interrupted.interrupt();
        sent = true;
    }

    /// Whether the actor's wait is over.
    boolean isOver() {
        return over;
    }

    /// After the wait: whether the interrupt is still there. Clears it.
    boolean isLeft() {
        over = true;
        while (!sent) {
            Thread.onSpinWait();
        }
        return Thread.interrupted();
    }
}
