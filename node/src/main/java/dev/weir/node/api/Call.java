package dev.weir.node.api;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A request that has found its route.
///
/// @param variables the parts of the path that the route leaves open
/// @param query the query's parameters
/// @param body the body of a POST, as text; else empty
/// @param caller who asks
record Call(Map<String, String> variables, Map<String, List<String>> query, String body, Caller caller) {
    private static final Pattern STEP = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");

    String variable(String name) {
        return variables.getOrDefault(name, "");
    }

    Optional<String> first(String name) {
        return query.getOrDefault(name, List.of()).stream().findFirst();
    }

    List<String> all(String name) {
        return query.getOrDefault(name, List.of());
    }

    String required(String name) throws ApiException {
        return first(name)
                .filter(value -> !value.isEmpty())
                .orElseThrow(() -> new ApiException(400, "the query needs '" + name + "'"));
    }

    int limit(int usual, int most) throws ApiException {
        Optional<String> text = first("limit");
        if (text.isEmpty()) {
            return usual;
        }
        if (!text.get().matches("\\d{1,9}") || Integer.parseInt(text.get()) < 1) {
            throw new ApiException(400, "'limit' must be between 1 and " + most + ", but was '" + text.get() + "'");
        }
        return Math.min(most, Integer.parseInt(text.get()));
    }

    Instant time(String name, Instant usual) throws ApiException {
        Optional<String> text = first(name);
        if (text.isEmpty()) {
            return usual;
        }
        try {
            if (text.get().matches("-?\\d{1,15}")) {
                return Instant.ofEpochMilli(Long.parseLong(text.get()));
            }
            return Instant.parse(text.get());
        } catch (DateTimeParseException e) {
            throw new ApiException(
                    400,
                    "'" + name + "' must be a time like 2010-05-09T00:00:00Z or milliseconds since 1970, but was '"
                            + text.get() + "'");
        }
    }

    Optional<Duration> duration(String name) throws ApiException {
        Optional<String> text = first(name);
        return text.isEmpty() ? Optional.empty() : Optional.of(duration(name, text.get()));
    }

    /// A duration that the body or the query says.
    static Duration duration(String name, String text) throws ApiException {
        Matcher matcher = STEP.matcher(text);
        if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
            throw new ApiException(400, "'" + name + "' must be like 500ms, 10s, 5m, 1h or 1d, but was '" + text + "'");
        }
        long count = Long.parseLong(matcher.group(1));
        Duration duration = switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
        if (duration.compareTo(Duration.ofDays(36_500)) > 0) {
            throw new ApiException(400, "'" + name + "' must be at most 36500d, but was '" + text + "'");
        }
        return duration;
    }
}
