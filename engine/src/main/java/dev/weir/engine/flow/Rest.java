package dev.weir.engine.flow;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What a run leaves to its successor. It is there so that nothing of a batch can be left out: who
/// takes it goes on with every part of it, or [abandons][#abandon] it.
///
/// @param <T> the type of the elements
/// @param batch elements and barriers that are the successor's now, in their order
/// @param begun the element that it worked on by itself; null if it was between two, or works on
///     several at once, which are then in the batch
/// @param resumed how many readings that a stage had kept were on their way
record Rest<T>(List<Object> batch, @Nullable T begun, int resumed) {
    /// Of a run that had nothing in hand.
    static <T> Rest<T> nothing() {
        return new Rest<>(List.of(), null, 0);
    }

    /// How many elements are not in the batch.
    int lost() {
        return resumed + (begun == null ? 0 : 1);
    }

    /// Nobody goes on with it: gives all elements that there are to `end`, and lets those who wait
    /// at barriers go. Who was resumed is for the caller to count.
    @SuppressWarnings("unchecked") // whatever is not a barrier came in as a T
    void abandon(Consumer<? super T> end) {
        if (begun != null) {
            end.accept(begun);
        }
        for (Object element : batch) {
            if (element instanceof Barrier barrier) {
                barrier.abandon();
            } else {
                end.accept((T) element);
            }
        }
    }
}
