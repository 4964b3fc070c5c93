package dev.weir.node.access;

import dev.weir.engine.config.Kind;
import dev.weir.engine.config.Option;
import dev.weir.engine.config.Shape;

/// The shape of the block `access:`.
public final class AccessShape {
    private AccessShape() {}

    /// What stands behind `access:`.
    public static Shape of() {
        return Shape.of(
                "Who may come in over the sources, and do what.",
                Option.defaulted(
                        "anonymous",
                        anonymousWords(),
                        "loopback",
                        "from where clients may come in without a name: `loopback` is this machine"),
                Option.optional(
                        "users", new Kind.MapOf(new Kind.Group(user())), "who has a name and a password, by name"),
                Option.optional(
                        "rules",
                        new Kind.ListOf(new Kind.Group(rule())),
                        "who may do what; without any, everybody who is in may do everything. With rules, what no"
                                + " `may` allows is forbidden, and `may-not` wins"));
    }

    /// What a source may say for itself.
    public static Option ofSource() {
        return Option.optional(
                "anonymous",
                anonymousWords(),
                "from where clients of this source may come in without a name; as `access:` says when left out");
    }

    private static Kind anonymousWords() {
        return Kind.choice("loopback", "never", "everywhere");
    }

    private static Shape user() {
        return Shape.of(
                "A user: one of the two.",
                Option.optional(
                        "password",
                        new Kind.Secret(),
                        "the hash of the password, never the password: as `weir password` and `htpasswd -B` print it"
                                + " (bcrypt), or `mosquitto_passwd` (`$7$…`)"),
                Option.optional("password-file", new Kind.Text(), "a file that holds the hash"));
    }

    private static Shape rule() {
        return Shape.of(
                "A rule: either `may` or `may-not`.",
                Option.required(
                        "who",
                        Kind.texts(),
                        "for whom: names, or `everyone`, `anonymous`, `users`, `devices` (those with a credential of"
                                + " their own), `certificates`"),
                Option.optional("may", doings(), "what is allowed: `publish`, `subscribe` or both"),
                Option.optional("may-not", doings(), "what is forbidden"),
                Option.required(
                        "topics",
                        Kind.texts(),
                        "filters of topics or paths; `%u` stands for the client's name, `%c` for its client id"),
                Option.defaulted(
                        "hide",
                        new Kind.Flag(),
                        "false",
                        "whether who is refused by a `may-not` is told no reason (`unspecified`)"));
    }

    private static Kind doings() {
        return new Kind.ListOf(Kind.choice("publish", "subscribe"));
    }
}
