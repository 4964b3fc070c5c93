package dev.weir.runtime;

/// Says that an operation met a closed channel. The subtypes say which operation it was.
public abstract sealed class ChannelClosedException extends RuntimeException
        permits SendOnClosedException, ReceiveOnClosedException, CloseOfClosedException {
    private static final long serialVersionUID = 1L;

    ChannelClosedException(String message) {
        super(message);
    }
}
