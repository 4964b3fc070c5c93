package dev.weir.testkit;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/// The different things that a reader has done. Bounded: after that nothing is new any more.
final class FuzzOutcomes {
    private static final int MAX = 4096;
    private static final Pattern QUOTED = Pattern.compile("(?s)['\"].*");
    private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9][0-9.eE+-]*");

    private final Set<String> seen = new HashSet<>();

    /// Whether an outcome is new, but for numbers, and for what comes after its first quotation mark.
    boolean isNew(Object outcome) {
        String text = String.valueOf(outcome);
        String kind = NUMBER.matcher(QUOTED.matcher(text).replaceFirst("")).replaceAll("0");
        return seen.size() < MAX && seen.add(kind);
    }

    int size() {
        return seen.size();
    }
}
