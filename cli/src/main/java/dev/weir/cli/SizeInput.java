package dev.weir.cli;

import dev.weir.engine.size.Scalability.Throughput;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What `weir size` is told: rates, times, and files of measurements.
final class SizeInput {
    private static final int MOST_LINES = 1_000_000;
    private static final Pattern RATE = Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,9})?)/(s|min|h)");
    private static final Pattern TIME = Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,9})?)(ns|us|µs|ms|s|m)");
    private static final Pattern POINT = Pattern.compile("([0-9]{1,6})\\s*[,;\\s]\\s*([0-9]{1,15}(?:\\.[0-9]{1,9})?)");
    private static final Map<String, Double> SECONDS =
            Map.of("ns", 1e-9, "us", 1e-6, "µs", 1e-6, "ms", 1e-3, "s", 1.0, "m", 60.0, "min", 60.0, "h", 3600.0);

    private SizeInput() {}

    /// Readings a second: `2000/s`, `120/min`.
    ///
    /// @throws IllegalArgumentException if it is none, or 0
    static double rate(String text) {
        Matcher matcher = RATE.matcher(text);
        if (!matcher.matches() || number(matcher) == 0) {
            throw new IllegalArgumentException(
                    "expected a rate above 0, such as 2000/s, 120/min or 5/h, but was '" + text + "'");
        }
        return number(matcher) / unit(matcher);
    }

    /// Seconds: `3ms`, `250us`, `0.4s`.
    ///
    /// @throws IllegalArgumentException if it is no time
    static double seconds(String text) {
        Matcher matcher = TIME.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("expected a time such as 3ms, 250us or 0.4s, but was '" + text + "'");
        }
        return number(matcher) * unit(matcher);
    }

    private static double number(Matcher matcher) {
        return new BigDecimal(matcher.group(1)).doubleValue();
    }

    private static double unit(Matcher matcher) {
        return SECONDS.getOrDefault(matcher.group(2), 1.0);
    }

    /// A time on each line. Empty lines, and those that begin with `#`, are skipped.
    ///
    /// @throws IOException if the file cannot be read, or a line is no time
    static double[] samples(Path file) throws IOException {
        List<Double> times = new ArrayList<>();
        lines(file, line -> times.add(seconds(line)));
        if (times.stream().allMatch(time -> time == 0)) {
            throw new IOException(file + ": expected a time above 0 on a line, such as 3ms, but there is none");
        }
        return times.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /// A number of workers and what they get done in a second on each line: `8, 1520`.
    ///
    /// @throws IOException if the file cannot be read, or a line is something else
    static List<Throughput> throughput(Path file) throws IOException {
        List<Throughput> points = new ArrayList<>();
        lines(file, line -> {
            Matcher matcher = POINT.matcher(line);
            if (!matcher.matches()) {
                throw new IllegalArgumentException(
                        "expected workers and what they get done in a second, such as '8, 1520', but was '" + line
                                + "'");
            }
            points.add(new Throughput(Integer.parseInt(matcher.group(1)), Double.parseDouble(matcher.group(2))));
        });
        return points;
    }

    private interface Line {
        void read(String text);
    }

    private static void lines(Path file, Line reader) throws IOException {
        int number = 0;
        try (Stream<String> lines = Files.lines(file)) {
            for (String line : (Iterable<String>) lines::iterator) {
                number++;
                if (number > MOST_LINES) {
                    throw new IOException(file + ": more than " + MOST_LINES + " lines; a sample of them will do");
                }
                if (!line.isBlank() && !line.startsWith("#")) {
                    reader.read(line.strip());
                }
            }
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ":" + number + ": " + e.getMessage(), e);
        } catch (java.io.UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
