package dev.weir.runtime;

/// Thrown by the iterator of a channel when its thread is interrupted, because [java.util.Iterator] allows no
/// [InterruptedException]. The thread's interrupt status is set again, and no element is lost.
public final class IterationInterruptedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    IterationInterruptedException(Object channel, InterruptedException cause) {
        super("interrupted while iterating over " + channel, cause);
    }
}
