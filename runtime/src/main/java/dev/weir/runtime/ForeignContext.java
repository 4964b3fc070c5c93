package dev.weir.runtime;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// Somebody else's notion of a task that can end before its work is done: the context of an RPC
/// library, a subscription, a shutdown hook. [Context#linkedTo(ForeignContext)] makes it end one
/// of ours.
///
/// {@snippet file="ExamplesTest.java" region="foreign"}
@FunctionalInterface
public interface ForeignContext {

    /// Arranges that `ours` is cancelled as soon as this ends, from any thread, at once if it has
    /// ended. Called once for each context that is linked; must not block.
    ///
    /// @param ours to be cancelled, with the reason as its cause where there is one
    /// @return what undoes the arrangement
    Link link(CancellableContext ours);

    /// When this will end by itself, where that is known beforehand. The linked context then has
    /// that deadline, and keeps it itself.
    default Optional<Instant> deadline() {
        return Optional.empty();
    }

    /// What was arranged with a foreign context.
    @FunctionalInterface
    interface Link {
        /// Undoes it: the context that was linked has ended. Called once, by the thread that ends
        /// it and without locks; must not block. What it throws goes to that thread's uncaught
        /// exception handler.
        void unlink();
    }

    /// Ends when `stage` completes; the exception that it completes with is the cause. A stage
    /// cannot forget who listens to it: until it completes, each context that was linked costs it
    /// about a hundred bytes.
    static ForeignContext of(CompletionStage<?> stage) {
        return StageLink.foreign(stage);
    }

    /// Ends when `wait` returns or throws, which it does in a virtual thread for each context that
    /// is linked; what it throws is the cause, or the cause of that if it is an
    /// [ExecutionException][java.util.concurrent.ExecutionException]. For what can only be waited
    /// for, such as
    /// `future::get` or `latch::await`. The thread is interrupted when the linked context ends
    /// first.
    static ForeignContext watching(Wait wait) {
        return WatchLink.foreign(wait);
    }

    /// A blocking call that returns when the foreign context has ended.
    @FunctionalInterface
    interface Wait {
        /// Waits for the end; an interrupt must make it return.
        void await() throws Exception;
    }
}
