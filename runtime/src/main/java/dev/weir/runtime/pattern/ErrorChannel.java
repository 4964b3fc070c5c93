package dev.weir.runtime.pattern;

import dev.weir.runtime.Channel;
import dev.weir.runtime.ReceiveChannel;
import dev.weir.runtime.ReceiveOnClosedException;
import dev.weir.runtime.SendOnClosedException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// A channel of failures, which never stops those who report one: at its bound the oldest is
/// dropped and counted. When it is half full, somebody is told, once, and again only after it has
/// been less than half full: nobody reads it, or there are more failures than can be read.
///
/// Use it for failures that the work goes on after, and of which a person or a supervisor wants to
/// see the latest. Not for those that must end the work (let them be thrown, in a
/// [dev.weir.runtime.Group]), nor where each one has to be kept.
///
/// It costs a channel's send, and two looks at its length. All methods may be called by any thread;
/// none blocks.
///
/// {@snippet file="pattern/PatternExamplesTest.java" region="errors"}
///
/// @param <E> the type of the failures
public final class ErrorChannel<E> {

    /// That an error channel is half full.
    ///
    /// @param name of the error channel
    /// @param length failures in it
    /// @param capacity failures it can hold
    /// @param dropped failures that nobody got so far
    public record Alert(String name, int length, int capacity, long dropped) {}

    // set once
    private final String name;
    private final Channel<E> channel;
    private final Consumer<? super Alert> onHalfFull;
    private final AtomicLong reported = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicBoolean alerted = new AtomicBoolean();

    private ErrorChannel(String name, int capacity, Consumer<? super Alert> onHalfFull) {
        this.name = Objects.requireNonNull(name, "name");
        this.channel = Channel.bounded(capacity);
        this.onHalfFull = Objects.requireNonNull(onHalfFull, "onHalfFull");
    }

    /// An error channel that holds up to `capacity` failures.
    ///
    /// @param <E> the type of the failures
    /// @param onHalfFull is told in the thread whose report filled half of it
    /// @throws IllegalArgumentException if `capacity` is less than 1 or more than a channel can
    ///     hold
    public static <E> ErrorChannel<E> bounded(String name, int capacity, Consumer<? super Alert> onHalfFull) {
        return new ErrorChannel<>(name, capacity, onHalfFull);
    }

    /// Puts in a failure, in the place of the oldest if there is no room. After [#close()] it is
    /// only counted, as dropped.
    public void report(E failure) {
        Objects.requireNonNull(failure, "failure");
        reported.incrementAndGet();
        if (!isHalfFull()) {
            alerted.set(false);
        }
        try {
            while (!channel.trySend(failure)) {
                if (channel.tryReceive() != null) {
                    dropped.incrementAndGet();
                }
            }
        } catch (SendOnClosedException | ReceiveOnClosedException _) {
            dropped.incrementAndGet();
            return;
        }
        if (isHalfFull() && alerted.compareAndSet(false, true)) {
            Callback.tell(onHalfFull, new Alert(name, channel.length(), channel.capacity(), dropped.get()));
        }
    }

    private boolean isHalfFull() {
        return channel.length() * 2L >= channel.capacity();
    }

    /// The failures, oldest first, for one or several receivers; ends after [#close()].
    public ReceiveChannel<E> failures() {
        return channel;
    }

    /// How many were reported, the dropped ones included.
    public long reported() {
        return reported.get();
    }

    /// How many were dropped because nobody received them in time.
    public long dropped() {
        return dropped.get();
    }

    /// Ends the channel for its receivers, once they have got what is in it. May be called twice.
    public void close() {
        channel.closeIfOpen();
    }

    @Override
    public String toString() {
        return "ErrorChannel(" + name + ", " + channel.length() + " of " + channel.capacity() + ")";
    }
}
