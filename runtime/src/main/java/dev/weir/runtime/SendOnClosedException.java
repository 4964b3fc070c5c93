package dev.weir.runtime;

/// Thrown to a sender whose channel is closed, or was closed while it waited. The element was not sent.
public final class SendOnClosedException extends ChannelClosedException {
    private static final long serialVersionUID = 1L;

    SendOnClosedException(Object channel) {
        super("send on a closed channel: " + channel + "; close it only after the last sender has finished");
    }
}
