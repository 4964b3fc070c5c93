package dev.weir.engine.expression;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.function.ToLongFunction;

/// The getters of timestamps, in UTC or in a named zone, and of durations.
final class TimeFunctions {
    private TimeFunctions() {}

    static void define(Library.Definitions library) {
        getter(library, ".getFullYear", ZonedDateTime::getYear);
        getter(library, ".getMonth", time -> time.getMonthValue() - 1L);
        getter(library, ".getDate", ZonedDateTime::getDayOfMonth);
        getter(library, ".getDayOfMonth", time -> time.getDayOfMonth() - 1L);
        getter(library, ".getDayOfWeek", time -> time.getDayOfWeek().getValue() % 7);
        getter(library, ".getDayOfYear", time -> time.getDayOfYear() - 1L);
        getter(library, ".getHours", ZonedDateTime::getHour);
        getter(library, ".getMinutes", ZonedDateTime::getMinute);
        getter(library, ".getSeconds", ZonedDateTime::getSecond);
        getter(library, ".getMilliseconds", time -> time.getNano() / 1_000_000);
        length(library, ".getHours", Duration::toHours);
        length(library, ".getMinutes", Duration::toMinutes);
        length(library, ".getSeconds", Duration::toSeconds);
        length(library, ".getMilliseconds", duration -> duration.toMillis() % 1000);
    }

    private static void getter(Library.Definitions library, String name, ToLongFunction<ZonedDateTime> part) {
        Function.Boxed utc = v -> part.applyAsLong(((Instant) v[0]).atZone(ZoneOffset.UTC));
        library.define(name, Scalar.INT, utc, Scalar.TIMESTAMP);
        Function.Boxed zoned = v -> part.applyAsLong(((Instant) v[0]).atZone(zone((String) v[1])));
        library.define(name, Scalar.INT, zoned, Scalar.TIMESTAMP, Scalar.STRING);
    }

    private static void length(Library.Definitions library, String name, ToLongFunction<Duration> part) {
        Function.Boxed body = v -> part.applyAsLong((Duration) v[0]);
        library.define(name, Scalar.INT, body, Scalar.DURATION);
    }

    private static ZoneId zone(String name) {
        try {
            boolean unsigned = !name.isEmpty() && Character.isDigit(name.charAt(0));
            return ZoneId.of(unsigned ? "+" + name : name);
        } catch (DateTimeException _) {
            throw Convert.impossible(name, "a time zone (as UTC, Europe/Prague, +02:00)");
        }
    }
}
