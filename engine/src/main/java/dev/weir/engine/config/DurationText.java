package dev.weir.engine.config;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Durations as people write them: `250ms`, `10s`, `5m`, `2h`, `30d`, and combined `1h30m`.
public final class DurationText {
    /// What matches is a duration, if it is not empty.
    static final String PATTERN =
            "(?=.)([0-9]{1,12}d)?([0-9]{1,12}h)?([0-9]{1,12}m(?!s))?([0-9]{1,12}s)?([0-9]{1,12}ms)?";

    private static final Pattern DURATION = Pattern.compile(PATTERN);
    private static final Pattern NEARLY = Pattern.compile("([0-9]{1,12})[ _]*([A-Za-z]+)\\.?");
    private static final List<String> UNITS = List.of("d", "h", "m", "s", "ms");

    private DurationText() {}

    /// The duration that a text stands for; empty if it is none.
    public static Optional<Duration> parse(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Duration sum = Duration.ZERO;
        for (int i = 0; i < UNITS.size(); i++) {
            String part = matcher.group(i + 1);
            if (part != null) {
                String unit = UNITS.get(i);
                long amount = Long.parseLong(part.substring(0, part.length() - unit.length()));
                sum = sum.plus(of(amount, unit));
            }
        }
        return Optional.of(sum);
    }

    /// Writes a duration of whole milliseconds so that [#parse] reads the same; one with a part of
    /// a millisecond is written as ISO-8601 says.
    public static String format(Duration duration) {
        if (duration.isNegative() || duration.toNanosPart() % 1_000_000 != 0) {
            return duration.toString();
        }
        StringBuilder out = new StringBuilder();
        append(out, duration.toDays(), "d");
        append(out, duration.toHoursPart(), "h");
        append(out, duration.toMinutesPart(), "m");
        append(out, duration.toSecondsPart(), "s");
        append(out, duration.toMillisPart(), "ms");
        return out.isEmpty() ? "0s" : out.toString();
    }

    /// The duration that was probably meant by `10 sec`, `5min`.
    static Optional<String> guess(String text) {
        Matcher matcher = NEARLY.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String unit = switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
            case "ms", "msec", "msecs", "millis", "millisecond", "milliseconds" -> "ms";
            case "s", "sec", "secs", "second", "seconds" -> "s";
            case "m", "min", "mins", "minute", "minutes" -> "m";
            case "h", "hr", "hrs", "hour", "hours" -> "h";
            case "d", "day", "days" -> "d";
            default -> "";
        };
        return unit.isEmpty() ? Optional.empty() : Optional.of(matcher.group(1) + unit);
    }

    private static Duration of(long amount, String unit) {
        return switch (unit) {
            case "d" -> Duration.ofDays(amount);
            case "h" -> Duration.ofHours(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "ms" -> Duration.ofMillis(amount);
            default -> throw new IllegalArgumentException("no unit of time: " + unit);
        };
    }

    private static void append(StringBuilder out, long amount, String unit) {
        if (amount != 0) {
            out.append(amount).append(unit);
        }
    }
}
