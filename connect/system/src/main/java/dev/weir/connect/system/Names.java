package dev.weir.connect.system;

import java.util.List;
import java.util.regex.Pattern;

/// Which disks or interfaces are meant, by patterns with `*` and `?`.
///
/// @param include one of these must match
/// @param exclude none of these may
record Names(List<String> include, List<String> exclude) {
    Names {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
    }

    boolean has(String name) {
        return include.stream().anyMatch(pattern -> matches(pattern, name))
                && exclude.stream().noneMatch(pattern -> matches(pattern, name));
    }

    private static boolean matches(String pattern, String name) {
        String regex = Pattern.quote(pattern).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
        return Pattern.compile(regex, Pattern.DOTALL).matcher(name).matches();
    }

    /// A name fit for one level of an address: `/var/log` is `var-log`, `/` is `root`.
    static String level(String name) {
        String bare = name.replaceAll("^/+|/+$", "").replaceAll("[/\\\\]+", "-").replaceAll("[^\\w.-]", "_");
        return bare.isEmpty() ? "root" : bare.substring(0, Math.min(64, bare.length()));
    }
}
