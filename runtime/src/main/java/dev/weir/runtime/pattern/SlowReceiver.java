package dev.weir.runtime.pattern;

/// What happens when the channel of one receiver among many is full.
public enum SlowReceiver {
    /// The sender waits for this receiver, and with it whoever comes after: for receivers that must
    /// not miss anything and are known to be quick.
    BLOCK,

    /// The receiver loses the element that has waited longest.
    DROP_OLDEST,

    /// The receiver loses the new element.
    DROP_NEWEST,

    /// The receiver is thrown out: it gets what is in its channel, and then the end.
    DISCONNECT
}
