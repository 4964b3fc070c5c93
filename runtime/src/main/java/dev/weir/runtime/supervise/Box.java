package dev.weir.runtime.supervise;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Holds the element that one run of a child works on. One word decides whether the child was done
/// with it or its successor gets it.
@SuppressWarnings("ReferenceEquality") // the two markers are nobody else's
final class Box {
    private static final Object EMPTY = new Object();
    private static final Object SEALED = new Object();

    /// An element on its way from one run of a child to the next.
    ///
    /// @param times how many runs have failed with it
    record Carried(Object element, int times) {}

    private final AtomicReference<Object> held;
    private int times;

    Box(@Nullable Carried from) {
        held = new AtomicReference<>(from == null ? EMPTY : from.element());
        times = from == null ? 0 : from.times();
    }

    /// False if it is sealed.
    boolean put(Object element) {
        Object before = held.get();
        if (before == EMPTY) {
            times = 0; // nobody reads it while the box is empty
            before = held.compareAndExchange(EMPTY, element);
            if (before == EMPTY) {
                return true;
            }
        }
        if (before != SEALED) {
            throw new IllegalStateException(
                    "an element is in flight already; call done() before the next take, or handedOver() first");
        }
        return false;
    }

    /// False if it is sealed.
    boolean clear() {
        Object before = held.get();
        if (before == EMPTY) {
            throw new IllegalStateException("done() without an element in flight; call take first");
        }
        return before != SEALED && held.compareAndSet(before, EMPTY);
    }

    /// What is in it; null if nothing is, or it is sealed.
    @Nullable
    Object peek() {
        Object element = held.get();
        return element == EMPTY || element == SEALED ? null : element;
    }

    int times() {
        return times;
    }

    /// Takes out what is in it, for ever.
    @Nullable
    Carried seal() {
        Object element = held.getAndSet(SEALED);
        return element == EMPTY || element == SEALED ? null : new Carried(element, times);
    }
}
