package dev.weir.engine.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Sizes as people write them: `512`, `64KiB`, `10MB`.
public final class SizeText {
    /// What matches is a size.
    static final String PATTERN = "[0-9]{1,18}(B|KB|MB|GB|TB|KiB|MiB|GiB|TiB)?";

    private static final Pattern SIZE = Pattern.compile("([0-9]{1,18})(B|KB|MB|GB|TB|KiB|MiB|GiB|TiB)?");
    private static final Pattern NEARLY = Pattern.compile("([0-9]{1,18})[ _]*([A-Za-z]+)");

    private record Unit(String name, long bytes) {}

    /// Powers of two first, largest first: the order for writing.
    private static final List<Unit> UNITS = List.of(
            new Unit("TiB", 1L << 40),
            new Unit("GiB", 1L << 30),
            new Unit("MiB", 1L << 20),
            new Unit("KiB", 1L << 10),
            new Unit("TB", 1_000_000_000_000L),
            new Unit("GB", 1_000_000_000L),
            new Unit("MB", 1_000_000L),
            new Unit("KB", 1_000L),
            new Unit("B", 1L));

    private SizeText() {}

    /// The bytes that a text stands for; empty if it is not a size, or is beyond 2^63 - 1.
    public static OptionalLong parse(String text) {
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            return OptionalLong.empty();
        }
        try {
            String unit = matcher.group(2) == null ? "B" : matcher.group(2);
            return OptionalLong.of(Math.multiplyExact(Long.parseLong(matcher.group(1)), bytes(unit)));
        } catch (ArithmeticException e) {
            return OptionalLong.empty(); // more than a long holds: no machine has that
        }
    }

    /// Writes a size so that [#parse] reads the same: `64KiB`, `1000`.
    public static String format(long bytes) {
        return UNITS.stream()
                .filter(unit -> unit.name().contains("i") && bytes >= unit.bytes() && bytes % unit.bytes() == 0)
                .findFirst()
                .map(unit -> bytes / unit.bytes() + unit.name())
                .orElse(Long.toString(bytes));
    }

    /// The size that was probably meant by `64 kb`, `10m`.
    static Optional<String> guess(String text) {
        Matcher matcher = NEARLY.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String unit = matcher.group(2).toLowerCase(Locale.ROOT).replaceFirst("(?<=.)ytes?$", "");
        return UNITS.stream()
                .filter(known -> {
                    String name = known.name().toLowerCase(Locale.ROOT);
                    return name.equals(unit) || name.equals(unit + "ib");
                })
                .findFirst()
                .map(known -> matcher.group(1) + known.name());
    }

    private static long bytes(String unit) {
        return UNITS.stream()
                .filter(known -> known.name().equals(unit))
                .findFirst()
                .orElseThrow()
                .bytes();
    }
}
