package dev.weir.engine.link;

import dev.weir.engine.config.Kind;
import dev.weir.engine.config.Option;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// Pauses before new attempts: random between zero and a bound that doubles with each attempt, so
/// that a fleet that lost its server does not come back at once ("full jitter").
///
/// @param first the bound before the first new attempt
/// @param most the largest bound
public record Backoff(Duration first, Duration most) {
    /// The options that [#of] reads.
    public static List<Option> options() {
        return List.of(
                Option.defaulted(
                        "reconnect-min",
                        new Kind.Span(Duration.ofMillis(10), Duration.ofMinutes(10)),
                        "100ms",
                        "The longest pause before the first new attempt; it doubles with each one, and each pause is"
                                + " random between zero and that"),
                Option.defaulted(
                        "reconnect-max",
                        new Kind.Span(Duration.ofMillis(10), Duration.ofHours(24)),
                        "60s",
                        "The longest pause between two attempts; they never end"));
    }

    /// What the options of [#options] say.
    ///
    /// @param problems gets what is wrong with them
    public static Backoff of(Section options, Problems problems) {
        if (options.duration("reconnect-min").compareTo(options.duration("reconnect-max")) > 0) {
            problems.error(options.at("reconnect-min"), "must not be above reconnect-max");
        }
        return new Backoff(options.duration("reconnect-min"), options.duration("reconnect-max"));
    }

    /// The pause before an attempt, in nanoseconds.
    ///
    /// @param attempt how many came to nothing before it
    long nanos(int attempt) {
        long bound = most.toNanos();
        long begin = first.toNanos();
        if (attempt <= 32 && begin <= bound >> attempt) {
            bound = begin << attempt;
        }
        return ThreadLocalRandom.current().nextLong(bound + 1);
    }
}
