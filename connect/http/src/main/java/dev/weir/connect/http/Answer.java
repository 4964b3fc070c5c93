package dev.weir.connect.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/// What a server answered.
///
/// @param status the status code
/// @param text the beginning of the body, for messages
/// @param retryAfter how long it asks to wait
record Answer(int status, String text, Optional<Duration> retryAfter) {
    private static final int LONGEST_SECONDS = 9;

    boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    /// Whether the same request will never be taken.
    boolean isRefusal() {
        return status >= 400 && status < 500 && status != 408 && status != 425 && status != 429;
    }

    boolean isRedirect() {
        return status >= 300 && status < 400;
    }

    /// Says it in a message.
    String shown() {
        String hint = isRedirect() ? "; redirects are not followed, give the final URL" : "";
        return "answered " + status + (text.isBlank() ? "" : " \"" + text + "\"") + hint;
    }

    /// Reads `Retry-After`: seconds, or a date. What is neither is as if it were not there.
    static Optional<Duration> retryAfter(Optional<String> header, InstantSource clock) {
        String text = header.orElse("").strip();
        if (!text.isEmpty() && text.length() <= LONGEST_SECONDS && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        }
        try {
            Instant until = DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from);
            Duration wait = Duration.between(clock.instant(), until);
            return wait.isNegative() ? Optional.empty() : Optional.of(wait);
        } catch (DateTimeException neither) {
            return Optional.empty();
        }
    }
}
