package dev.weir.runtime.inspect;

import dev.weir.runtime.control.Insight;

/// What kind of thing a thread waits for.
public enum Awaited {
    /// That a channel takes an element.
    SEND("send"),
    /// That a channel gives one, or ends.
    RECEIVE("receive"),
    /// Permits of a weighted semaphore, or room in a group with a limit.
    SEMAPHORE("acquire"),
    /// That the count of a wait group is zero.
    WAIT_GROUP("wait group"),
    /// The end of the tasks of a group or gather.
    GROUP("group"),
    /// A call that is shared.
    SINGLEFLIGHT("singleflight"),
    /// The time at which a rate limiter allows it.
    RATE_LIMITER("rate limiter"),
    /// A lock, condition or other synchronizer of the JDK.
    LOCK("lock"),
    /// A socket, pipe or file.
    IO("i/o"),
    /// Time.
    SLEEP("sleep"),
    /// Anything else.
    OTHER("other");

    private final String text;

    Awaited(String text) {
        this.text = text;
    }

    /// Whether only another thread's operation of this library can end the wait.
    boolean isOurs() {
        return switch (this) {
            case SEND, RECEIVE, SEMAPHORE, WAIT_GROUP, GROUP, SINGLEFLIGHT -> true;
            case RATE_LIMITER, LOCK, IO, SLEEP, OTHER -> false;
        };
    }

    static Awaited of(Insight.Cause cause) {
        return switch (cause.kind()) {
            case CHANNEL -> cause.side() == Insight.Side.SEND ? SEND : RECEIVE;
            case SEMAPHORE -> SEMAPHORE;
            case WAIT_GROUP -> WAIT_GROUP;
            case GROUP -> GROUP;
            case SINGLEFLIGHT -> SINGLEFLIGHT;
            case RATE_LIMITER -> RATE_LIMITER;
            case LOCK -> LOCK;
            case OTHER -> OTHER;
        };
    }

    /// In lower case, as dumps name it.
    @Override
    public String toString() {
        return text;
    }
}
