package dev.weir.engine.flow;

import dev.weir.engine.config.Kind;
import dev.weir.engine.config.Option;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Shape;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// How often, and when, a sink is tried.
///
/// @param retry what follows a write that failed, but may work later
/// @param breaker when the sink is left alone; empty if never
/// @param hedge after how long without an answer a write is sent a second time; empty if never
public record AttemptPlan(Retry retry, Optional<Breaking> breaker, Optional<Duration> hedge) {
    /// Pauses of 50 ms to 30 s, for ever.
    public static final AttemptPlan FOREVER = new AttemptPlan(
            new Retry(OptionalInt.empty(), Duration.ofMillis(50), Duration.ofSeconds(30), OptionalDouble.empty()),
            Optional.empty(),
            Optional.empty());

    private static final Duration SHORTEST = Duration.ofMillis(1);

    /// What follows a write that failed, but may work later. Pauses double from `first` to `most`;
    /// each is made up to half shorter or longer at random, so that many that failed together do
    /// not come back together.
    ///
    /// @param attempts how often a write is tried in all; empty for ever
    /// @param first the first pause
    /// @param most the longest pause
    /// @param budget how many retries there may be for each write, beside a reserve of
    ///     [RetryBudget#RESERVE]; empty if any number
    public record Retry(OptionalInt attempts, Duration first, Duration most, OptionalDouble budget) {}

    /// When a sink is left alone.
    ///
    /// @param failures how many writes in a row fail before
    /// @param open for how long, before it is tried again
    /// @param probes how many writes have to work then, before all goes on; else it is left alone
    ///     for as long again
    public record Breaking(int failures, Duration open, int probes) {}

    /// The options that [#of] reads.
    public static List<Option> options() {
        return List.of(
                Option.defaulted("retry", new Kind.Group(retrying()), "{}", "what follows a write that did not work"),
                Option.optional(
                        "breaker",
                        new Kind.Group(breaking()),
                        "leaves the other side alone when it keeps failing; meanwhile the queue fills, and `overflow`"
                                + " decides"),
                Option.optional(
                        "hedge",
                        new Kind.Span(SHORTEST, Duration.ofMinutes(10)),
                        "sends a write that has no answer for so long a second time, and takes the first answer; only"
                                + " for sinks where a reading that is sent twice counts once"));
    }

    private static Shape retrying() {
        return Shape.of(
                "What follows a write that did not work but may later; what the other side refuses for good is a dead"
                        + " letter at once.",
                Option.defaulted(
                        "attempts",
                        new Kind.Either(Kind.choice("forever"), new Kind.Whole(1, 1_000_000)),
                        "forever",
                        "how often a write is tried in all; then its readings are dead letters, `gave-up`"),
                Option.defaulted(
                        "first-delay",
                        new Kind.Span(SHORTEST, Duration.ofMinutes(10)),
                        "50ms",
                        "the first pause; it doubles with each failure, and each is up to half shorter or longer at"
                                + " random, but never longer than `max-delay`"),
                Option.defaulted(
                        "max-delay", new Kind.Span(SHORTEST, Duration.ofHours(24)), "30s", "the longest pause"),
                Option.optional(
                        "budget",
                        new Kind.Real(0.001, 1),
                        "with `attempts`: how many retries there may be for each write, on average, beside a reserve"
                                + " of ten; beyond that a write that fails is given up at once"));
    }

    private static Shape breaking() {
        return Shape.of(
                "When a sink is left alone.",
                Option.defaulted(
                        "failures", new Kind.Whole(1, 1000), "5", "how many writes in a row have to fail before"),
                Option.defaulted(
                        "open",
                        new Kind.Span(Duration.ofMillis(10), Duration.ofHours(24)),
                        "30s",
                        "for how long nothing is sent"),
                Option.defaulted(
                        "probes",
                        new Kind.Whole(1, 100),
                        "1",
                        "how many writes have to work after that before all goes on; one that fails opens it again"));
    }

    /// What the options of [#options] say.
    ///
    /// @param path of the sink, for messages: `sinks.erp`
    /// @param sink one that is complete
    /// @param problems gets what is wrong with them together
    public static AttemptPlan of(String path, Section sink, Problems problems) {
        return new AttemptPlan(
                retry(path + ".retry", sink.group("retry"), problems),
                sink.has("breaker") ? Optional.of(breaking(sink.group("breaker"))) : Optional.empty(),
                sink.has("hedge") ? Optional.of(sink.duration("hedge")) : Optional.empty());
    }

    private static Retry retry(String path, Section retry, Problems problems) {
        Duration first = retry.duration("first-delay");
        Duration most = retry.duration("max-delay");
        if (first.compareTo(most) > 0) {
            problems.error(
                    retry.at(retry.mentions("first-delay") ? "first-delay" : "max-delay"),
                    path + ": first-delay (" + first.toMillis() + " ms) must not be above max-delay (" + most.toMillis()
                            + " ms)");
        }
        boolean forever = retry.isText("attempts");
        if (forever && retry.has("budget")) {
            problems.error(
                    retry.at("budget"),
                    path + ".budget: needs `attempts: N`; a sink that is tried for ever has nothing to give up");
        }
        return new Retry(
                forever ? OptionalInt.empty() : OptionalInt.of(retry.integer("attempts")),
                first,
                most,
                retry.has("budget") ? OptionalDouble.of(retry.real("budget")) : OptionalDouble.empty());
    }

    private static Breaking breaking(Section breaker) {
        return new Breaking(breaker.integer("failures"), breaker.duration("open"), breaker.integer("probes"));
    }
}
