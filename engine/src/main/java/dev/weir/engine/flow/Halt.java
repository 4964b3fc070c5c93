package dev.weir.engine.flow;

/// Tells threads that were interrupted whether the flow ends, and with it what they have in hand. A
/// stage may interrupt its own thread, the watchdog interrupts slow stages, and the supervisor
/// those that hang: none of that ends a flow.
final class Halt {
    private volatile boolean called;

    void call() {
        called = true;
    }

    boolean isCalled() {
        return called;
    }
}
