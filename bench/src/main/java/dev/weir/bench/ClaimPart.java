package dev.weir.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Claims that are measured alike.
///
/// @param name for the command line
/// @param count how many elements a measurement has
/// @param values what is measured
/// @param claims what is said
record ClaimPart(String name, int count, List<Value> values, List<Claim> claims) {
    private static final int PROCESSORS = 2;
    private static final List<String> CANDIDATES = List.of("pattern", "go_pattern");

    /// @param name as the cells print it
    /// @param unit for the rows
    /// @param lowerIsBetter else higher is
    record Value(String name, String unit, boolean lowerIsBetter) {}

    /// @param row what is compared, for the rows
    /// @param before the shape without the pattern
    /// @param after the shape with it
    record Claim(String row, String before, String after) {}

    /// Measures every shape once, ours and Go's in turn.
    void measure(Cells cells, int warmUpMillis, Medians medians) throws IOException, InterruptedException {
        for (String shape : shapes()) {
            for (String candidate : CANDIDATES) {
                Map<String, Double> found =
                        cells.run(candidate, PROCESSORS, shape, String.valueOf(warmUpMillis), String.valueOf(count));
                found.forEach((value, number) -> medians.add(key(shape, candidate, value), number));
                System.out.printf("%-22s %-10s %s%n", shape, candidate, found);
            }
        }
    }

    private List<String> shapes() {
        return claims.stream()
                .flatMap(claim -> List.of(claim.before, claim.after).stream())
                .distinct()
                .toList();
    }

    private static String key(String shape, String candidate, String value) {
        return shape + " " + candidate + " " + value;
    }

    /// Ours with the pattern, beside ours without it and Go's with and without.
    void add(Medians medians, Rows rows) {
        for (Claim claim : claims) {
            for (Value value : values) {
                double ours = medians.of(key(claim.after, "pattern", value.name));
                String row = claim.row + "; " + value.name;
                rows.add(
                        row,
                        value.unit,
                        value.lowerIsBetter,
                        ours,
                        "before",
                        of(medians, claim.before, "pattern", value));
                rows.add(
                        row,
                        value.unit,
                        value.lowerIsBetter,
                        ours,
                        "go",
                        of(medians, claim.after, "go_pattern", value));
                rows.add(
                        row,
                        value.unit,
                        value.lowerIsBetter,
                        ours,
                        "go_before",
                        of(medians, claim.before, "go_pattern", value));
            }
        }
    }

    private static double of(Medians medians, String shape, String candidate, Value value) {
        return medians.of(key(shape, candidate, value.name));
    }

    /// All of it in Markdown, for docs/benchmarks.md.
    static List<String> table(List<ClaimPart> parts, Medians medians) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("| claim: before; after | | before | after | Go before | Go after |");
        lines.add("|---|---|---|---|---|---|");
        for (ClaimPart part : parts) {
            for (Claim claim : part.claims) {
                for (Value value : part.values) {
                    lines.add("| " + claim.row + " | " + value.name + ", "
                            + value.unit + " | " + number(of(medians, claim.before, "pattern", value)) + " | "
                            + number(of(medians, claim.after, "pattern", value)) + " | "
                            + number(of(medians, claim.before, "go_pattern", value)) + " | "
                            + number(of(medians, claim.after, "go_pattern", value)) + " |");
                }
            }
        }
        return lines;
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, value < 20 ? "%.1f" : "%,.0f", value);
    }
}
