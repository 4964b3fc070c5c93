package dev.weir.connect.file;

import dev.weir.engine.config.Kind;
import dev.weir.engine.config.Option;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Shape;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// What a file source is told by the config.
///
/// @param path a file, or a folder and a pattern of file names
/// @param csv whether the first line of a file has the names of the columns
/// @param address the messages' address, with `{name}` for the file's name
/// @param mode how it is read
/// @param from where reading begins
/// @param maxLine the longest line in bytes
/// @param maxFiles how many files a pattern may match
/// @param window how many lines may wait for their acknowledgement
/// @param poll how often it looks for more
/// @param timing the time of a replay; without it there are no pauses
/// @param repeat whether a replay begins again after its end
record FileOptions(
        String path,
        boolean csv,
        String address,
        Mode mode,
        From from,
        int maxLine,
        int maxFiles,
        int window,
        Duration poll,
        Optional<Timing> timing,
        boolean repeat) {
    /// How a file is read.
    enum Mode {
        FOLLOW,
        ONCE,
        REPLAY
    }

    /// Where reading begins.
    enum From {
        LAST,
        START,
        END
    }

    /// The time of a replay.
    ///
    /// @param field the field with the time
    /// @param unitNanos how long a step of a number is
    /// @param speed how many times faster than the recording
    record Timing(String field, long unitNanos, double speed) {}

    private static final Shape DETAILED_TIME = Shape.of(
            "A field with the event time",
            Option.required("field", new Kind.Text(), "The field's name"),
            Option.defaulted("unit", Kind.choice("s", "ms", "us", "ns"), "ms", "What a number since 1970 counts"));

    static final Shape SHAPE = Shape.of(
            "Reads files, each line a message",
            Option.required(
                    "path",
                    new Kind.Text(),
                    "The file, or a folder and a pattern with `*` and `?` for the names of the files in it; relative to"
                            + " the working directory. With `follow` it need not exist yet"),
            Option.defaulted(
                    "format",
                    Kind.choice("lines", "csv"),
                    "lines",
                    "`lines`: each line is a message by itself, such as a JSON text, or CSV whose decoder has"
                            + " `columns`. `csv`: the first line has the names of the columns and goes with each"
                            + " message, as the decoder wants it"),
            Option.defaulted(
                    "address",
                    new Kind.Text(),
                    "file/{name}",
                    "The address of the messages, which `topic:` of a pipeline matches; `{name}` is the file's name"
                            + " without its extension"),
            Option.defaulted(
                    "mode",
                    Kind.choice("follow", "once", "replay"),
                    "follow",
                    "`follow`: as it grows, through rotation. `once`: to its end, which closes open windows. `replay`:"
                            + " like once, but from the beginning at every start and in the time of the recording"),
            Option.defaulted(
                    "from",
                    Kind.choice("last", "start", "end"),
                    "last",
                    "Where to begin at a start: `last`, where acknowledged reading ended (the start of a file that was"
                            + " never read); `start` or `end` of the file, whatever was read before. A file that"
                            + " appears later is read from its start"),
            Option.defaulted(
                    "max-line",
                    new Kind.Size(16, 1 << 20),
                    "64KiB",
                    "The longest line; longer ones are counted (`too-large`) and skipped without being kept"),
            Option.defaulted(
                    "max-files",
                    new Kind.Whole(1, 1024),
                    "64",
                    "How many files the pattern may match; further ones, by name, are not read"),
            Option.defaulted(
                    "window",
                    new Kind.Whole(1, 100_000),
                    "1024",
                    "How many lines of a file may wait for their acknowledgement before reading pauses"),
            Option.defaulted(
                    "poll",
                    new Kind.Span(Duration.ofMillis(10), Duration.ofHours(1)),
                    "500ms",
                    "How often to look for more when nothing came"),
            Option.optional(
                    "time",
                    new Kind.Either(new Kind.Text(), new Kind.Group(DETAILED_TIME)),
                    "For `replay`: the field, or the column, with the time of the recording: ISO-8601 text, or a number"
                            + " of milliseconds since 1970"),
            Option.defaulted(
                    "speed",
                    new Kind.Either(new Kind.Real(0.001, 1_000_000), Kind.choice("max")),
                    "1",
                    "For `replay`: how many times faster than the recording, or `max` for no pauses. Event times stay"
                            + " those of the recording"),
            Option.defaulted("repeat", new Kind.Flag(), "false", "For `replay`: whether to begin again after the end"));

    FileOptions {
        if (maxLine < 1 || window < 1) {
            throw new IllegalArgumentException("max-line and window must be at least 1");
        }
    }

    static FileOptions of(Section options, Problems problems) {
        Mode mode = Mode.valueOf(options.text("mode").toUpperCase(Locale.ROOT));
        check(options, mode, problems);
        return new FileOptions(
                options.text("path"),
                options.text("format").equals("csv"),
                options.text("address"),
                mode,
                From.valueOf(options.text("from").toUpperCase(Locale.ROOT)),
                options.integer("max-line"),
                options.integer("max-files"),
                options.integer("window"),
                options.duration("poll"),
                options.isText("speed") ? Optional.empty() : timing(options),
                options.flag("repeat"));
    }

    private static Optional<Timing> timing(Section options) {
        if (!options.has("time")) {
            return Optional.empty();
        }
        double speed = options.real("speed");
        if (options.isText("time")) {
            return Optional.of(new Timing(options.text("time"), 1_000_000, speed));
        }
        Section time = options.group("time");
        long unit = switch (time.text("unit")) {
            case "s" -> 1_000_000_000;
            case "ms" -> 1_000_000;
            case "us" -> 1000;
            default -> 1;
        };
        return Optional.of(new Timing(time.text("field"), unit, speed));
    }

    private static void check(Section options, Mode mode, Problems problems) {
        boolean paced = !options.isText("speed");
        if (mode == Mode.REPLAY && paced && !options.has("time")) {
            problems.error(
                    options.at("mode"),
                    "'replay' needs 'time', the field with the time of the recording, or 'speed: max'");
        }
        for (String option : new String[] {"time", "repeat"}) {
            boolean given = option.equals("time") ? options.has(option) : options.flag(option);
            if (mode != Mode.REPLAY && given) {
                problems.error(options.at(option), "'" + option + "' is for 'mode: replay' only");
            }
        }
        if (mode == Mode.FOLLOW && options.text("path").endsWith(".gz")) {
            problems.error(options.at("path"), "a compressed file cannot be followed: use 'mode: once' or 'replay'");
        }
        String address = options.text("address");
        if (address.isBlank() || address.contains("+") || address.contains("#")) {
            problems.error(
                    options.at("address"),
                    "an address must not be empty or contain '+' or '#', but was '" + address + "'");
        }
        try {
            FilePattern.of(options.text("path"), 1);
        } catch (IllegalArgumentException e) {
            problems.error(options.at("path"), String.valueOf(e.getMessage()));
        }
    }
}
