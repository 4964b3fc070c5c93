package dev.weir.engine.flow;

/// What became of a command.
public enum CommandOutcome {
    /// The other side has it.
    DONE,
    /// Its time was over before it could be carried out; it was not.
    EXPIRED,
    /// It was tried and did not work. It is not tried again, since it may have worked.
    FAILED,
    /// It was not tried: the queue was full, or the node stopped.
    DROPPED
}
