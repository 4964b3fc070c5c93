package dev.weir.engine.access;

/// Somebody who has come in, and what that one may do. Thread-safe; asking takes well under a
/// microsecond for a dozen of rules, and keeps no memory of the topics asked for.
public interface Identity {
    /// The user's, device's or certificate's name; `anonymous` for those who gave none.
    String name();

    /// Whether it may send a message to an address (topic, path). `%u` in a rule stands for the
    /// name and `%c` for `client`; one that contains `+`, `#` or `/` matches no such rule.
    ///
    /// @param client the client id, where the protocol has one; else the name
    Verdict mayPublish(String topic, String client);

    /// Whether it may receive what a filter (`a/+/b`, `a/#`) matches.
    Verdict maySubscribe(String filter, String client);

    /// Whether it may receive a message of that topic: to be asked for each message where
    /// [#maySubscribe] said [Verdict#PARTLY].
    boolean mayReceive(String topic, String client);

    /// Whether the credential has been taken away since: the door ends the connection.
    boolean isRevoked();

    /// What somebody may do.
    enum Verdict {
        /// All of it.
        ALLOWED,
        /// A subscription to more than is allowed, of which the allowed part may be received.
        PARTLY,
        /// Not allowed; the client may be told why.
        FORBIDDEN,
        /// Not allowed, and the client is not to be told why: the code for "unspecified".
        HIDDEN
    }
}
