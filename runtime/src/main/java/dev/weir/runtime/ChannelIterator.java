package dev.weir.runtime;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// Iterates over a channel until it is closed and drained. Belongs to one thread.
final class ChannelIterator<T> implements Iterator<T> {
    private final Channel<T> channel;
    private @Nullable Object ahead;

    ChannelIterator(Channel<T> channel) {
        this.channel = channel;
    }

    @Override
    public boolean hasNext() {
        if (ahead == null) {
            try {
                ahead = channel.receiveOrEnd();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IterationInterruptedException(channel, e);
            }
        }
        return !Channel.isEnd(ahead);
    }

    @Override
    @SuppressWarnings("unchecked") // the channel holds elements of T only
    public T next() {
        if (!hasNext() || ahead == null) {
            throw new NoSuchElementException(channel + " is closed and drained");
        }
        var element = (T) ahead;
        ahead = null;
        return element;
    }
}
