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
        /// May be left out and then is as the option of the same name in the block around.
        INHERITED,
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

    /// An option that the block around has too, with a default there; this one is for its own block
    /// only. Whoever reads the block sees to it that what is left out is as it is around. It is
    /// left out of summaries.
    public static Option inherited(String name, Kind kind, String about) {
        return new Option(name, kind, Presence.INHERITED, null, about);
    }

    /// A key that a later version brings; a file that has it is refused with a message that says
    /// so.
    public static Option later(String name) {
        return new Option(name, new Kind.Text(), Presence.LATER, null, "not in this version");
    }
}
