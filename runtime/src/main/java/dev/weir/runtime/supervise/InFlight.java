package dev.weir.runtime.supervise;

import dev.weir.runtime.Context;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The element that a child works on, so that it is not lost when the child fails: its successor
/// finds it here.
///
/// {@snippet file="SupervisorExamplesTest.java" region="in-flight"}
///
/// An element is either done or handed over, never both: when a child is abandoned its box is
/// sealed, and if it goes on after all, [#done()] says that the element is not its own any more.
/// One element at a time; a batch is one element too. Belongs to the thread that the child runs
/// in. Costs two atomic operations for each element.
///
/// @param <T> the type of the element
public final class InFlight<T> {
    private final Box box;
    private final Class<T> type;
    private final Context context;

    InFlight(Box box, Class<T> type, Context context) {
        this.box = box;
        this.type = type;
        this.context = context;
    }

    /// The element that a predecessor had not finished, until [#done()] is called; an element of
    /// one's own too, once it was taken. Look here before taking another.
    public Optional<T> handedOver() {
        @Nullable Object element = box.peek();
        if (element != null && !type.isInstance(element)) {
            throw new IllegalStateException("the element in flight is a "
                    + element.getClass().getName() + ", not a " + type.getName() + "; a child has one type of element");
        }
        return Optional.ofNullable(type.cast(element));
    }

    /// How many predecessors have failed with the element.
    public int times() {
        return box.times();
    }

    /// Says that the child works on an element now.
    ///
    /// @throws dev.weir.runtime.ContextException if the child was abandoned; the element is still
    ///     the caller's
    /// @throws IllegalStateException if there is an element in flight
    public void take(T element) {
        if (!box.put(type.cast(element))) {
            context.throwIfDone();
        }
    }

    /// Says that the element is finished.
    ///
    /// @return false if it was handed over to a successor before
    /// @throws IllegalStateException if there is none in flight
    public boolean done() {
        return box.clear();
    }
}
