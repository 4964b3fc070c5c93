package dev.weir.engine.expression;

import java.util.Collection;
import java.util.Optional;

/// Finds the name that somebody probably meant, by edit distance: for messages about unknown names
/// and keys.
public final class NearestName {
    private static final int LONGEST = 64;

    private NearestName() {}

    /// The candidate that is nearest to the name, if one is near: at most one edit for each three
    /// characters, and at least one. Letter case and `_` against `-` count as no difference. Names
    /// over 64 characters have no nearest.
    public static Optional<String> of(String name, Collection<String> candidates) {
        if (name.length() > LONGEST) {
            return Optional.empty();
        }
        int best = Math.max(1, name.length() / 3) + 1;
        String found = null;
        for (String candidate : candidates) {
            if (Math.abs(candidate.length() - name.length()) < best) {
                int distance = distance(folded(name), folded(candidate));
                if (distance < best) {
                    best = distance;
                    found = candidate;
                }
            }
        }
        return Optional.ofNullable(found);
    }

    /// `, did you mean 'x'?` when a near name exists, else nothing: to be put at the end of a
    /// message.
    public static String hint(String name, Collection<String> candidates) {
        return of(name, candidates)
                .map(near -> ", did you mean '" + near + "'?")
                .orElse("");
    }

    private static String folded(String name) {
        return name.toLowerCase(java.util.Locale.ROOT).replace('-', '_');
    }

    /// Edits are insertions, deletions, replacements and swaps of neighbours.
    private static int distance(String a, String b) {
        int[] before = new int[b.length() + 1];
        int[] above = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(above[j], row[j - 1]) + 1);
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    row[j] = Math.min(row[j], before[j - 2] + 1);
                }
            }
            before = above;
            above = row;
        }
        return above[b.length()];
    }
}
