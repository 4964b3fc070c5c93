package dev.weir.runtime;

/// Thrown to a receiver whose channel is closed and drained: no element will come any more. This is the
/// ordinary end of a stream; iterate over the channel to meet it without an exception.
public final class ReceiveOnClosedException extends ChannelClosedException {
    private static final long serialVersionUID = 1L;

    ReceiveOnClosedException(Object channel) {
        super("receive on a closed and drained channel: " + channel);
    }
}
