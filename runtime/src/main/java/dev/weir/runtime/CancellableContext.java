package dev.weir.runtime;

/// A [Context] whose holder can end it. Pass it on as a [Context] to those who may not.
public sealed interface CancellableContext extends Context, AutoCloseable permits CancelNode {

    /// Ends this context and all that descend from it, before returning. Does nothing if it is done already.
    void cancel();

    /// Ends this context as [#cancel()] does, and makes `cause` the [#cause()] of all contexts that this call
    /// ends.
    void cancel(Throwable cause);

    /// The same as [#cancel()]: frees what the parent keeps for this context, when the work is done.
    @Override
    default void close() {
        cancel();
    }
}
