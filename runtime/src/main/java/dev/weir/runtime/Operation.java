package dev.weir.runtime;

import org.jspecify.annotations.Nullable;

/// A case that sends to or receives from a channel.
sealed interface Operation<R extends @Nullable Object> extends Case<R> {
    Channel<?> channel();

    /// The element to send, or null to receive.
    @Nullable
    Object sent();

    /// Runs the handler after the operation; `received` is the element or [Channel#END], and ignored by a send.
    R finish(Object received) throws InterruptedException;

    /// Receives an element.
    ///
    /// @param onClosed what to do when the channel is closed and drained, or null to throw
    record Receive<T, R extends @Nullable Object>(
            Channel<T> channel,
            Select.Handler<? super T, ? extends R> onElement,
            Select.@Nullable Reply<? extends R> onClosed)
            implements Operation<R> {
        @Override
        public @Nullable Object sent() {
            return null;
        }

        @Override
        @SuppressWarnings("unchecked") // the channel holds elements of T only
        public R finish(Object received) throws InterruptedException {
            if (!Channel.isEnd(received)) {
                return onElement.handle((T) received);
            }
            if (onClosed == null) {
                throw new ReceiveOnClosedException(channel);
            }
            return onClosed.get();
        }
    }

    /// Sends an element.
    record Send<T, R extends @Nullable Object>(Channel<T> channel, T sent, Select.Reply<? extends R> onSent)
            implements Operation<R> {
        @Override
        public R finish(Object received) throws InterruptedException {
            return onSent.get();
        }
    }
}
