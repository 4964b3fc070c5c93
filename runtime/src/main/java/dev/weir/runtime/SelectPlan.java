package dev.weir.runtime;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The cases of one select, sorted by kind.
///
/// @param operations the sends and receives, in the caller's order
/// @param timeout how long to wait, or null for ever
/// @param fallback what to do instead of waiting, or null to wait
@SuppressWarnings("ArrayRecordComponent") // nobody compares plans; a list would cost as much as the choice itself
record SelectPlan<R extends @Nullable Object>(
        Operation<? extends R>[] operations,
        @Nullable TimeoutCase<? extends R> timeout,
        @Nullable DefaultCase<? extends R> fallback) {

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    static <R extends @Nullable Object> SelectPlan<R> of(Case<? extends R>[] cases) {
        Operation<? extends R>[] operations = new Operation[cases.length];
        int count = 0;
        TimeoutCase<? extends R> timeout = null;
        DefaultCase<? extends R> fallback = null;
        for (var each : cases) {
            switch (Objects.requireNonNull(each, "case")) {
                case Operation<? extends R> operation -> operations[count++] = operation;
                case TimeoutCase<? extends R> found -> {
                    requireFirst(timeout, "timeout");
                    timeout = found;
                }
                case DefaultCase<? extends R> found -> {
                    requireFirst(fallback, "orElse");
                    fallback = found;
                }
            }
        }
        return new SelectPlan<>(
                count == cases.length ? operations : Arrays.copyOf(operations, count), timeout, fallback);
    }

    private static void requireFirst(@Nullable Object earlier, String kind) {
        if (earlier != null) {
            throw new IllegalArgumentException("a select takes one " + kind + " at most, but got a second one");
        }
    }

    /// @param inOrder whether the first ready case is chosen, and not any
    R run(boolean inOrder) throws InterruptedException {
        var selection = selection(inOrder);
        if (fallback != null) {
            int chosen = selection.poll();
            return chosen == Selection.NONE ? fallback.otherwise().get() : finish(chosen, selection);
        }
        if (timeout != null) {
            int chosen = selection.await(Deadline.in(timeout.timeout()));
            return chosen == Selection.NONE ? timeout.onTimeout().get() : finish(chosen, selection);
        }
        return finish(selection.await(null), selection);
    }

    private R finish(int chosen, Selection selection) throws InterruptedException {
        return operations[chosen].finish(selection.result());
    }

    private Selection selection(boolean inOrder) {
        int count = operations.length;
        var channels = new Channel<?>[count];
        var elements = new @Nullable Object[count];
        for (int i = 0; i < count; i++) {
            channels[i] = operations[i].channel();
            elements[i] = operations[i].sent();
        }
        return new Selection(channels, elements, inOrder);
    }
}
