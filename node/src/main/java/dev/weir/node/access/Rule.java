package dev.weir.node.access;

import java.util.List;
import java.util.Set;

/// One rule of the config.
///
/// @param who whom it is for: names, or words for kinds of clients
/// @param allows whether it allows or forbids
/// @param publish whether it is about sending
/// @param subscribe whether it is about receiving
/// @param topics filters in which `%u` is the client's name and `%c` its client id
/// @param hide whether who is refused by it is not told why
record Rule(Set<String> who, boolean allows, boolean publish, boolean subscribe, List<String> topics, boolean hide) {
    static final String EVERYONE = "everyone";
    static final String NOBODY = "anonymous";

    /// Words in `who:` that are no names.
    static final Set<String> WORDS = Set.of(EVERYONE, NOBODY, "devices", "users", "certificates");

    Rule {
        who = Set.copyOf(who);
        topics = List.copyOf(topics);
    }

    boolean isFor(Kind kind, String name) {
        if (who.contains(EVERYONE)) {
            return true;
        }
        return switch (kind) {
            case ANONYMOUS -> who.contains(NOBODY);
            case USER -> who.contains("users") || isNamed(name);
            case DEVICE -> who.contains("devices") || isNamed(name);
            case CERTIFICATE -> who.contains("certificates") || isNamed(name);
        };
    }

    /// A certificate may say that its owner is called like one of the words.
    private boolean isNamed(String name) {
        return !WORDS.contains(name) && who.contains(name);
    }
}
