package dev.weir.engine.stage;

import dev.weir.engine.config.Kind;
import dev.weir.engine.config.Option;
import dev.weir.engine.config.Shape;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What may stand in `stages:`. The spellings here are those of the reference.
public final class StageShapes {
    /// How many keys a stage with memory knows at once when the config does not say.
    public static final int KEYS = 10_000;

    private static final long MOST_KEYS = 10_000_000;

    private StageShapes() {}

    /// One element of `stages:`: a tag, and beside it how the stage is run.
    public static Kind stage() {
        Map<String, Kind> tags = new LinkedHashMap<>();
        tags.put("validate", new Kind.Formula());
        tags.put("filter", new Kind.Formula());
        tags.put("map", new Kind.MapOf(new Kind.Formula()));
        tags.put("dedupe", new Kind.Group(dedupe()));
        tags.put("on-change", new Kind.Group(onChange()));
        tags.put("throttle", new Kind.Group(throttle()));
        tags.put("window", new Kind.Group(window()));
        return new Kind.Tagged("stage", tags, running());
    }

    /// What may happen to a reading that finds a queue full: of a stage, a pipeline, a sink.
    public static Kind overflow() {
        return new Kind.Choice(List.of("block", "drop-oldest", "drop-newest"), List.of("shed"));
    }

    private static Shape running() {
        return Shape.of(
                "How a stage is run; what is left out is as the pipeline says.",
                Option.optional(
                        "workers",
                        new Kind.Either(Kind.choice("auto"), new Kind.Whole(1, 1024)),
                        "how many readings of different devices the stage works on at once"),
                Option.optional("queue", new Kind.Whole(1, 1_000_000), "how many readings may wait for the stage"),
                Option.optional("overflow", overflow(), "what happens to a reading that finds the queue full"),
                Option.optional("timeout", Kind.span(), "how long the stage may take for one reading"));
    }

    private static Shape dedupe() {
        return Shape.of(
                "Lets the first of equal readings pass; the others end here, counted as `duplicate`.",
                Option.defaulted(
                        "by",
                        Kind.texts(),
                        "[device, time]",
                        "what makes two readings equal: `device`, `time`, fields"),
                Option.defaulted(
                        "within",
                        Kind.span(),
                        "10m",
                        "how far, in event time, the device may have moved on for a copy to be recognised"),
                Option.defaulted("keep", Kind.choice("first"), "first", "which of equal readings passes"),
                Option.defaulted(
                        "keys",
                        new Kind.Whole(1, MOST_KEYS),
                        "32768",
                        "how many readings are remembered in all; beyond it the devices heard least recently lose"
                                + " their oldest"));
    }

    private static Shape onChange() {
        return Shape.of(
                "Reports by exception: lets a reading pass when a field has changed since the device's last that passed.",
                Option.optional("fields", Kind.texts(), "the fields that are watched; else those of `dead-band`"),
                Option.optional(
                        "dead-band",
                        new Kind.Either(new Kind.MapOf(new Kind.Text()), new Kind.Text()),
                        "the smallest change of a number that counts: absolute (`0.5`) or of the last value"
                                + " (`2%`); one for all fields, or by field"),
                Option.optional(
                        "heartbeat", Kind.span(), "after how long, in event time, a reading passes without a change"),
                keys("devices"));
    }

    private static Shape throttle() {
        return Shape.of(
                "Lets the first readings of each device in an interval of event time pass; an interval begins with a"
                        + " reading that passes.",
                Option.required("every", Kind.span(), "the length of the interval"),
                Option.defaulted("at-most", new Kind.Whole(1, 1_000_000), "1", "how many pass in each interval"),
                keys("devices"));
    }

    private static Shape window() {
        return Shape.of(
                "Aggregates over intervals of event time; the readings flow on, the results form a stream of their own.",
                Option.required(
                        "tumbling",
                        new Kind.Span(Duration.ofMillis(1), Duration.ofDays(3660)),
                        "the length of a window; windows are aligned to 1970-01-01T00:00:00Z"),
                Option.defaulted(
                        "by",
                        Kind.texts(),
                        "device",
                        "what has windows of its own: `device`, fields, or `[]` for one window over everything"),
                Option.optional(
                        "lateness",
                        new Kind.Span(Duration.ZERO, Duration.ofDays(3660)),
                        "how long, in event time, a window waits for readings out of order; else as the pipeline says"),
                Option.required("as", new Kind.Text(), "the name of the stream of results"),
                Option.required(
                        "emit",
                        new Kind.MapOf(new Kind.Formula()),
                        "the fields of a result: formulas over `mean`, `min`, `max`, `sum`, `count`, `first`,"
                                + " `last`, `stddev`"),
                Option.defaulted(
                        "keys",
                        new Kind.Whole(1, MOST_KEYS),
                        Integer.toString(KEYS),
                        "how many windows may be open; beyond it the key heard least recently has its windows"
                                + " closed early"));
    }

    private static Option keys(String what) {
        return Option.defaulted(
                "keys",
                new Kind.Whole(1, MOST_KEYS),
                Integer.toString(KEYS),
                "how many " + what + " are remembered; beyond it the one heard least recently is forgotten");
    }
}
