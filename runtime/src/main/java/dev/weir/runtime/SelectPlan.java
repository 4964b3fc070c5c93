package dev.weir.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The cases of one select, sorted by kind.
///
/// @param operations the sends and receives, in the caller's order
/// @param timeout how long to wait, or null for ever
/// @param fallback what to do instead of waiting, or null to wait
record SelectPlan<R extends @Nullable Object>(
        List<Operation<? extends R>> operations,
        @Nullable TimeoutCase<? extends R> timeout,
        @Nullable DefaultCase<? extends R> fallback) {

    static <R extends @Nullable Object> SelectPlan<R> of(Case<? extends R>[] cases) {
        var operations = new ArrayList<Operation<? extends R>>(cases.length);
        TimeoutCase<? extends R> timeout = null;
        DefaultCase<? extends R> fallback = null;
        for (var each : cases) {
            switch (Objects.requireNonNull(each, "case")) {
                case Operation<? extends R> operation -> operations.add(operation);
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
        return new SelectPlan<>(operations, timeout, fallback);
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
        return operations.get(chosen).finish(selection.result());
    }

    private Selection selection(boolean inOrder) {
        int count = operations.size();
        var channels = new Channel<?>[count];
        var elements = new @Nullable Object[count];
        for (int i = 0; i < count; i++) {
            channels[i] = operations.get(i).channel();
            elements[i] = operations.get(i).sent();
        }
        return new Selection(channels, elements, inOrder);
    }
}
