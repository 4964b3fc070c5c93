package dev.weir.bench;

import java.util.List;
import java.util.function.Function;

/// What the command line chose of a benchmark's parts.
///
/// @param parts in their order; all of them when none was named
/// @param quick whether it was to be quick
/// @param rounds how often the candidates are to take turns; 0 when that was not said
record Choice<P>(List<P> parts, boolean quick, int rounds) {
    private static final String ROUNDS = "--rounds=";

    /// Reads `[--quick] [--rounds=N] [PART…]`; ends the process when there is no such part.
    static <P> Choice<P> of(List<P> parts, Function<P, String> name, List<String> words) {
        List<String> known = parts.stream().map(name).toList();
        List<String> chosen =
                words.stream().filter(word -> !word.startsWith("--")).toList();
        for (String word : chosen) {
            if (!known.contains(word)) {
                System.err.println("there is no part '" + word + "'; there is: " + String.join(", ", known));
                System.exit(2);
            }
        }
        List<P> taken = parts.stream()
                .filter(part -> chosen.isEmpty() || chosen.contains(name.apply(part)))
                .toList();
        int rounds = words.stream()
                .filter(word -> word.startsWith(ROUNDS))
                .mapToInt(word -> Integer.parseInt(word.substring(ROUNDS.length())))
                .findFirst()
                .orElse(0);
        return new Choice<>(taken, words.contains("--quick"), rounds);
    }
}
