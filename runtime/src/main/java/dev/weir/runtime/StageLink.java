package dev.weir.runtime;

import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A context that ends when a stage completes. Lets go of the context when that has ended first,
/// because the stage never lets go of this.
final class StageLink implements ForeignContext.Link {
    private final AtomicReference<@Nullable CancellableContext> context;

    private StageLink(CancellableContext context) {
        this.context = new AtomicReference<>(context);
    }

    static ForeignContext foreign(CompletionStage<?> stage) {
        Objects.requireNonNull(stage, "stage");
        return ours -> {
            var link = new StageLink(ours);
            var _ = stage.whenComplete((_, thrown) -> link.completed(thrown));
            return link;
        };
    }

    private void completed(@Nullable Throwable thrown) {
        var ours = context.getAndSet(null);
        if (ours == null) {
            return;
        }
        if (thrown == null) {
            ours.cancel();
        } else {
            ours.cancel(unwrapped(thrown));
        }
    }

    /// What was thrown, without the exception in which a future has wrapped it.
    static Throwable unwrapped(Throwable thrown) {
        var cause = thrown.getCause();
        boolean wrapped = thrown instanceof CompletionException || thrown instanceof ExecutionException;
        return wrapped && cause != null ? cause : thrown;
    }

    @Override
    public void unlink() {
        context.set(null);
    }
}
