package dev.weir.runtime;

/// Thrown by [SendChannel#close()] when the channel is closed already: two parties believe that they own its
/// end.
public final class CloseOfClosedException extends ChannelClosedException {
    private static final long serialVersionUID = 1L;

    CloseOfClosedException(Object channel) {
        super("close of a closed channel: " + channel + "; use closeIfOpen() where several parties may close");
    }
}
