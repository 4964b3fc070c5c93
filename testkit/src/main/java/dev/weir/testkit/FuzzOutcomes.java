package dev.weir.testkit;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/// The different things that a reader has done. Bounded: after that nothing is new any more.
final class FuzzOutcomes {
    private static final int MAX = 4096;
    private static final Pattern QUOTED = Pattern.compile("(?s)['\"].*");
    private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9][0-9A-Za-z.+-]*|\\b[0-9A-F]{4}\\b");
    private static final Pattern OTHER = Pattern.compile("[^ -~]+");
    private static final int MAX_LENGTH = 120;

    private final Set<String> seen = new HashSet<>();

    /// Whether an outcome is new, but for numbers, and for what comes after its first
    /// quotation mark or far behind.
    boolean isNew(Object outcome) {
        String text = String.valueOf(outcome);
        String said = OTHER.matcher(QUOTED.matcher(text).replaceFirst("")).replaceAll("");
        String kind = NUMBER.matcher(said).replaceAll("0");
        kind = kind.length() > MAX_LENGTH ? kind.substring(0, MAX_LENGTH) : kind;
        return seen.size() < MAX && seen.add(kind);
    }

    int size() {
        return seen.size();
    }
}
