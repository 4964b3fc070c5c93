package dev.weir.runtime.pattern;

/// What became of an element for one receiver.
public enum Delivery {
    /// It is in the receiver's channel.
    TAKEN,

    /// The receiver was slow, and one element, this one or the one that waited longest, was dropped
    /// and counted.
    DROPPED,

    /// There is no such receiver, or no longer: it has left, or was disconnected because it was
    /// slow.
    GONE
}
