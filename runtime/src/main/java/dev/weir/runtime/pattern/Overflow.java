package dev.weir.runtime.pattern;

/// What a full queue does with one element more.
public enum Overflow {
    /// The sender waits until there is room: nothing is lost, and the pressure reaches the source.
    BLOCK,

    /// The element that has waited longest is dropped: for state of which the newest counts.
    DROP_OLDEST,

    /// The new element is dropped: for samples of which any will do.
    DROP_NEWEST,

    /// The sender gets a [RefusedException]: for a caller who can be told to come back later.
    REFUSE
}
