package dev.weir.engine.size;

import dev.weir.engine.size.Sizing.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.ToDoubleFunction;

/// Draws workers against latency, as SVG: mean and p99 by the model as lines, what was measured as
/// points, the sweet spot and the plateau as marks. Both axes are logarithmic.
public final class SizeChart {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 440;
    private static final int LEFT = 80;
    private static final int RIGHT = 24;
    private static final int TOP = 64;
    private static final int BOTTOM = 60;

    private static final String MEAN = "#1f6f8b";
    private static final String P99 = "#c2571a";
    private static final String GREY = "#666";

    private final StringBuilder svg = new StringBuilder();
    private final Sizing sizing;
    private final List<Measured> measured;
    private final int most;
    private final double low;
    private final double high;

    /// What was measured with so many workers.
    ///
    /// @param workers how many
    /// @param meanSeconds mean of the times from arrival to the end of service
    /// @param p99Seconds what one in a hundred exceeded
    public record Measured(int workers, double meanSeconds, double p99Seconds) {}

    private SizeChart(Sizing sizing, List<Measured> measured) {
        this.sizing = sizing;
        this.measured = measured;
        this.most = Math.max(2, sizing.rows().getLast().workers());
        List<Double> times = new ArrayList<>();
        for (Row row : sizing.rows()) {
            if (row.stable()) {
                times.add(row.meanSeconds());
                times.add(row.p99Seconds());
            }
        }
        for (Measured point : measured) {
            times.add(point.meanSeconds);
            times.add(point.p99Seconds);
        }
        double least = times.stream().mapToDouble(Double::doubleValue).min().orElse(0.001);
        double largest = times.stream().mapToDouble(Double::doubleValue).max().orElse(0.01);
        this.low = least / 1.4;
        this.high = Math.max(largest * 1.4, this.low * 4);
    }

    /// The chart of a model, and of measurements where there are any.
    ///
    /// @param title what stands above it
    public static String svg(String title, Sizing sizing, List<Measured> measured) {
        return new SizeChart(sizing, List.copyOf(measured)).draw(title);
    }

    private String draw(String title) {
        line(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
                        + " font-size=\"12\" fill=\"#222\">",
                WIDTH,
                HEIGHT));
        line(String.format(Locale.ROOT, "<title>%s</title>", escaped(title)));
        line(String.format(Locale.ROOT, "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>", WIDTH, HEIGHT));
        text(LEFT, 24, "start", "#222", "<tspan font-size=\"15\" font-weight=\"bold\">" + escaped(title) + "</tspan>");
        axes();
        mark(sizing.sweetSpot(), "sweet spot: ", TOP + 14, "#2e7d32");
        mark(sizing.plateau(), "plateau from ", TOP + 30, "#6a1b9a");
        curve(Row::meanSeconds, MEAN);
        curve(Row::p99Seconds, P99);
        for (Measured point : measured) {
            dot(point.workers, point.meanSeconds, MEAN);
            dot(point.workers, point.p99Seconds, P99);
        }
        legend();
        line("</svg>");
        return svg.toString();
    }

    private void axes() {
        int bottom = HEIGHT - BOTTOM;
        for (int workers = 1; workers <= most; workers *= 2) {
            double x = x(workers);
            rule(x, TOP, x, bottom, "#eee", "");
            text(x, bottom + 18, "middle", GREY, Integer.toString(workers));
        }
        for (double decade = Math.pow(10, Math.floor(Math.log10(low))); decade <= high; decade *= 10) {
            for (int step : new int[] {1, 2, 5}) {
                double seconds = decade * step;
                if (seconds >= low && seconds <= high) {
                    double y = y(seconds);
                    rule(LEFT, y, WIDTH - RIGHT, y, "#eee", "");
                    text(LEFT - 8, y + 4, "end", GREY, duration(seconds));
                }
            }
        }
        rule(LEFT, TOP, LEFT, bottom, GREY, "");
        rule(LEFT, bottom, WIDTH - RIGHT, bottom, GREY, "");
        text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 18, "middle", "#222", "workers");
        line(String.format(
                Locale.ROOT,
                "<text transform=\"translate(18 %s) rotate(-90)\" text-anchor=\"middle\">"
                        + "time from arrival to done</text>",
                number((TOP + bottom) / 2.0)));
    }

    private void mark(OptionalInt workers, String what, double y, String colour) {
        if (workers.isPresent()) {
            double x = x(workers.getAsInt());
            boolean right = x > WIDTH * 0.7;
            rule(x, TOP, x, HEIGHT - (double) BOTTOM, colour, " stroke-dasharray=\"5 4\"");
            text(x + (right ? -6 : 6), y, right ? "end" : "start", colour, what + workers.getAsInt());
        }
    }

    private void curve(ToDoubleFunction<Row> value, String colour) {
        StringBuilder points = new StringBuilder();
        for (Row row : sizing.rows()) {
            if (row.stable()) {
                points.append(number(x(row.workers())))
                        .append(',')
                        .append(number(y(value.applyAsDouble(row))))
                        .append(' ');
            }
        }
        line(String.format(
                Locale.ROOT,
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>",
                points.toString().strip(),
                colour));
    }

    private void dot(int workers, double seconds, String colour) {
        line(String.format(
                Locale.ROOT,
                "<circle cx=\"%s\" cy=\"%s\" r=\"4\" fill=\"#fff\" stroke=\"%s\" stroke-width=\"2\"/>",
                number(x(workers)),
                number(y(seconds)),
                colour));
    }

    private void legend() {
        double x = LEFT;
        text(x, 48, "start", P99, "— p99");
        text(x + 60, 48, "start", MEAN, "— mean");
        text(x + 130, 48, "start", GREY, measured.isEmpty() ? "by the model" : "lines: the model; circles: measured");
    }

    private void rule(double x1, double y1, double x2, double y2, String colour, String more) {
        line(String.format(
                Locale.ROOT,
                "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" stroke=\"%s\"%s/>",
                number(x1),
                number(y1),
                number(x2),
                number(y2),
                colour,
                more));
    }

    private void text(double x, double y, String anchor, String colour, String content) {
        line(String.format(
                Locale.ROOT,
                "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\" fill=\"%s\">%s</text>",
                number(x),
                number(y),
                anchor,
                colour,
                content));
    }

    private void line(String text) {
        svg.append(text).append('\n');
    }

    private double x(int workers) {
        return LEFT + (WIDTH - LEFT - RIGHT) * Math.log(workers) / Math.log(most);
    }

    private double y(double seconds) {
        double share = Math.log(seconds / low) / Math.log(high / low);
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * share;
    }

    /// A time with its unit, two or three digits of it: `5 ms`, `1.23 s`.
    public static String duration(double seconds) {
        if (seconds >= 1) {
            return digits(seconds) + " s";
        }
        return seconds >= 1e-3 ? digits(seconds * 1e3) + " ms" : digits(seconds * 1e6) + " µs";
    }

    private static String digits(double value) {
        if (value >= 99.95) {
            return String.format(Locale.ROOT, "%.0f", value);
        }
        String text = String.format(Locale.ROOT, value >= 9.995 ? "%.1f" : "%.2f", value);
        return text.replaceFirst("\\.?0+$", "");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
