package dev.weir.node.api;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Whether a request is meant for us and comes from ourselves, as far as a browser says.
///
/// A page of another site can make a browser ask us, and can give its own name our address (DNS
/// rebinding): then `Host` is its name and not ours. Programs send what they like, which is fine:
/// this protects the person at the browser.
final class Origins {
    private final String host;
    private final boolean any;

    /// @param host what the config says to listen on
    Origins(String host) {
        this.host = host.toLowerCase(Locale.ROOT);
        // Who listens on all addresses is reached under names that only the network knows; numbers
        // and plain names cannot be rebound.
        this.any = host.equals("0.0.0.0") || host.equals("::");
    }

    boolean isOurs(@Nullable String authority) {
        if (authority == null || authority.isEmpty()) {
            return false;
        }
        String name = name(authority).toLowerCase(Locale.ROOT);
        return name.equals(host)
                || name.equals("localhost")
                || name.endsWith(".localhost")
                || isLoopback(name)
                || (any && isUnbindable(name));
    }

    private static String name(String authority) {
        if (authority.startsWith("[")) {
            int end = authority.indexOf(']');
            return end < 0 ? "" : authority.substring(1, end);
        }
        int colon = authority.indexOf(':');
        return colon < 0 ? authority : authority.substring(0, colon);
    }

    private static boolean isLoopback(String name) {
        return name.equals("::1") || (name.startsWith("127.") && isNumeric(name));
    }

    private static boolean isNumeric(String name) {
        return name.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
    }

    /// A number, or a name that no public DNS can serve.
    private static boolean isUnbindable(String name) {
        return isNumeric(name)
                || name.indexOf(':') >= 0
                || name.indexOf('.') < 0
                || name.endsWith(".local")
                || name.endsWith(".lan")
                || name.endsWith(".internal");
    }

    /// Whether the page that asks is one of ours; a request without `Origin` comes from no page, or
    /// from one of the same origin.
    boolean isSame(@Nullable String origin, String authority) {
        return origin == null || origin.equals("http://" + authority) || origin.equals("https://" + authority);
    }

    /// Whether a WebSocket of a source may be opened. A browser always says which page wants it;
    /// a program that says nothing is let in under whatever name it knows us by.
    ///
    /// @param others the pages that may beside our own; `*` for all
    boolean mayOpen(@Nullable String origin, @Nullable String authority, List<String> others) {
        if (origin == null
                || others.contains("*")
                || others.stream().anyMatch(other -> other.equalsIgnoreCase(origin))) {
            return true;
        }
        return authority != null && isOurs(authority) && isSame(origin, authority);
    }
}
