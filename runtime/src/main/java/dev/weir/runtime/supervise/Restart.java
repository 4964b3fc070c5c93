package dev.weir.runtime.supervise;

/// Whether a child that has ended without being told to is started again.
public enum Restart {
    /// However it ended: what runs for ever. Erlang's `permanent`.
    ALWAYS,

    /// If it has thrown something or hung; when it returns, its work is done. Erlang's `transient`.
    ON_FAILURE,

    /// Never: work that somebody else repeats. Erlang's `temporary`.
    NEVER
}
