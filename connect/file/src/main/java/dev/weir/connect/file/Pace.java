package dev.weir.connect.file;

import dev.weir.connect.file.FileOptions.Timing;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// The time of a replay: the first line goes at once, each later one as long after it as in the
/// recording, divided by the speed. A line without a time, or with one before the last, goes at
/// once. For one thread.
final class Pace {
    private static final JsonFactory JSON = new JsonFactory();

    private final Timing timing;
    private final LongSupplier nanoTime;
    private boolean begun;
    private long firstTime;
    private long firstNanos;

    Pace(Timing timing, LongSupplier nanoTime) {
        this.timing = timing;
        this.nanoTime = nanoTime;
    }

    /// The next line is a first one again.
    void restart() {
        begun = false;
    }

    /// Blocks until the line's time has come.
    ///
    /// @throws InterruptedException also if `closing` opens
    void await(byte @Nullable [] header, String line, CountDownLatch closing) throws InterruptedException {
        OptionalLong time = time(header == null ? null : new String(header, StandardCharsets.UTF_8), line);
        if (time.isPresent() && closing.await(delayNanos(time.getAsLong()), TimeUnit.NANOSECONDS)) {
            throw new InterruptedException();
        }
    }

    /// How long a line must wait from now.
    ///
    /// @param time its time in nanoseconds
    long delayNanos(long time) {
        long now = nanoTime.getAsLong();
        if (!begun) {
            begun = true;
            firstTime = time;
            firstNanos = now;
        }
        double after = (time - firstTime) / timing.speed();
        return Math.max(0, (long) after - (now - firstNanos));
    }

    /// The time of a line in nanoseconds since 1970.
    OptionalLong time(@Nullable String header, String line) {
        String text = header == null ? jsonField(line) : column(header, line);
        return text == null ? OptionalLong.empty() : parse(text.strip());
    }

    private @Nullable String column(String header, String line) {
        char delimiter = CsvText.delimiter(header);
        int at = CsvText.values(header, delimiter).indexOf(timing.field());
        var values = CsvText.values(line, delimiter);
        return at < 0 || at >= values.size() ? null : values.get(at);
    }

    private @Nullable String jsonField(String line) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean wanted = parser.currentName().equals(timing.field());
                JsonToken value = parser.nextToken();
                if (wanted && value != null && value.isScalarValue()) {
                    return parser.getString();
                }
                parser.skipChildren();
            }
            return null;
        } catch (JacksonException notJson) {
            return null;
        }
    }

    private OptionalLong parse(String text) {
        try {
            return OptionalLong.of(new BigDecimal(text)
                    .multiply(BigDecimal.valueOf(timing.unitNanos()))
                    .longValue());
        } catch (NumberFormatException notANumber) {
            return iso(text.replace(' ', 'T'));
        }
    }

    private static OptionalLong iso(String text) {
        try {
            return nanos(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException noOffset) {
            try {
                return nanos(LocalDateTime.parse(text).toInstant(ZoneOffset.UTC));
            } catch (DateTimeException noTime) {
                return OptionalLong.empty();
            }
        }
    }

    private static OptionalLong nanos(Instant instant) {
        return OptionalLong.of(TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano());
    }
}
