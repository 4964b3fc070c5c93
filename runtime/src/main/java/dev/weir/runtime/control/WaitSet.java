package dev.weir.runtime.control;

import java.util.List;

/// A blocker of a thread, as [java.util.concurrent.locks.LockSupport#getBlocker(Thread)] tells it,
/// that stands for several things of which the thread waits for the first.
public interface WaitSet {
    /// What the thread waits for.
    List<?> members();
}
