package dev.weir.engine.access;

/// What came of somebody's saying who he is.
public sealed interface Login {
    /// May come in.
    record Granted(Identity identity) implements Login {}

    /// May not.
    ///
    /// @param reason a fixed word, since it becomes a label: `wrong-password`, `unknown-user`,
    ///     `revoked`, `anonymous`; for counters and logs, not for the client
    record Refused(String reason) implements Login {}
}
