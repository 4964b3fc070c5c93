package dev.weir.engine.config;

import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/// A file without what is nobody else's business: whatever the checks know to be a secret,
/// whatever has the name of one, names and passwords in URLs. Rather a line too many than one too
/// few.
final class Redaction {
    private static final String GONE = "(left out: may hold a secret)";

    private static final Pattern NAMED = Pattern.compile(
            "(?i).*(pass(word|wd|phrase)?|secret|token|psk|credential|private|authori[sz]ation|cookie|api[-_]?key)"
                    + "[\\w.-]*[\"']?\\s*[:=].*");
    private static final Pattern USER_IN_URL = Pattern.compile("(://)[^/@\\s]+@");

    private Redaction() {}

    /// @param concealed whether a line, counted from 1, holds a secret
    static String of(ConfigFile file, IntPredicate concealed) {
        StringBuilder out = new StringBuilder();
        String[] lines = file.text().split("\n", -1);
        int below = Integer.MAX_VALUE;
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i];
            int indent = line.length() - line.stripLeading().length();
            boolean secret = concealed.test(i + 1) || NAMED.matcher(line).matches();
            if (!line.isBlank() && indent <= below) {
                below = Integer.MAX_VALUE;
            }
            if (below == Integer.MAX_VALUE && !secret) {
                out.append(USER_IN_URL.matcher(line).replaceAll("$1…@"));
            } else if (!line.isBlank()) {
                below = Math.min(below, indent);
                out.repeat(' ', indent).append(GONE);
            }
            out.append(i + 1 < lines.length ? "\n" : "");
        }
        return out.toString();
    }
}
