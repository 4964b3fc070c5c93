package dev.weir.engine.flow;

/// Tells threads that were interrupted whether they are to end. A stage may interrupt its own
/// thread, and the watchdog interrupts slow stages: neither ends a worker.
final class Halt {
    private volatile boolean called;

    void call() {
        called = true;
    }

    boolean isCalled() {
        return called;
    }
}
