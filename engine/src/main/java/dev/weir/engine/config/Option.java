package dev.weir.engine.config;

import org.jspecify.annotations.Nullable;

/// One key of a block of configuration, described well enough to check it, document it and
/// complete it in an editor.
///
/// @param name the key, in kebab-case
/// @param kind what it may hold
/// @param presence whether it must be given
/// @param fallback for [Presence#DEFAULTED]: the default, written as in the file; otherwise null
/// @param about one sentence for the reference: what it does, in which unit, what the bound is for
public record Option(
        String name, Kind kind, Presence presence, @Nullable String fallback, String about) {
    /// Whether an option must be given.
    public enum Presence {
        /// Must be given.
        REQUIRED,
        /// May be left out and then has no value.
        OPTIONAL,
        /// May be left out and then has its default.
        DEFAULTED,
        /// Known, but comes with a later version: refused by name.
        LATER
    }

    public static Option required(String name, Kind kind, String about) {
        return new Option(name, kind, Presence.REQUIRED, null, about);
    }

    public static Option optional(String name, Kind kind, String about) {
        return new Option(name, kind, Presence.OPTIONAL, null, about);
    }

    public static Option defaulted(String name, Kind kind, String fallback, String about) {
        return new Option(name, kind, Presence.DEFAULTED, fallback, about);
    }

    /// A key that a later version brings; a file that has it is refused with a message that says
    /// so.
    public static Option later(String name) {
        return new Option(name, new Kind.Text(), Presence.LATER, null, "not in this version");
    }
}
