package dev.weir.runtime.inspect;

import dev.weir.runtime.control.Insight;

/// One thing that a thread waits for; a select has one for each of its cases.
///
/// @param awaited what kind of thing it is
/// @param id the same for the same thing as long as it lives: of a channel, the number in its name
/// @param what its name and state
/// @param length of a channel: elements in the buffer, else 0
/// @param capacity of a channel: how many fit into it, else 0
/// @param moved of a channel: how many elements have been received from it, else 0
/// @param lastUser the id of the thread that has last used the other side of the channel, as far as
///     one of the two had to wait, or that was last given permits; 0 if that is not known. It could
///     end the wait, if it has not ended itself
/// @param crew the number of the group whose tasks end the wait; 0 if none does
public record WaitsOn(
        Awaited awaited, long id, String what, int length, int capacity, long moved, long lastUser, long crew) {

    /// @param sends whether it is a send, if the channel does not know
    static WaitsOn of(Insight.Cause cause, boolean sends) {
        return new WaitsOn(
                cause.kind() == Insight.Kind.CHANNEL && cause.side() == Insight.Side.NONE && sends
                        ? Awaited.SEND
                        : Awaited.of(cause),
                cause.id(),
                cause.text(),
                cause.length(),
                cause.capacity(),
                cause.moved(),
                cause.last(),
                cause.crew());
    }

    static WaitsOn frame(Awaited awaited, String what) {
        return new WaitsOn(awaited, 0, what, 0, 0, 0, 0, 0);
    }

    @Override
    public String toString() {
        return awaited + " on " + what;
    }
}
