package dev.weir.engine.stage;

import static dev.weir.engine.stage.Collected.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Windows against a slow model, over random streams. A failure names its seed.
class WindowProperties {
    private static final int ROUNDS = 300;
    private static final long SEED = Long.getLong("weir.seed", 42);

    private record Point(String device, int second, double value) {}

    @Test
    void apply_randomStream_equalsTheModel() {
        for (int round = 0; round < ROUNDS; round++) {
            compare(SEED + round);
        }
    }

    private static void compare(long seed) {
        Random random = new Random(seed);
        int size = 1 + random.nextInt(30);
        int lateness = random.nextInt(40);
        List<Point> points = points(random);
        TestStream stream = new TestStream("t");
        Stage window = stream.stage("- window: { tumbling: " + size + "s, lateness: " + lateness
                + "s, as: w, emit: { n: count(), m: mean(t), s: stddev(t), f: first(t), l: last(t) } }");
        Collected out = new Collected();
        for (Point point : points) {
            window.apply(stream.at(point.device, point.second, "t", point.value), out);
        }
        window.finish(out);
        Map<String, List<String>> found = new HashMap<>();
        for (Reading result : out.emitted) {
            found.computeIfAbsent(result.device(), device -> new ArrayList<>()).add(text(result));
        }
        Map<String, List<String>> expected = new HashMap<>();
        long late = model(points, size, lateness, expected);
        assertThat(found).as("seed " + seed).isEqualTo(expected);
        assertThat(window.counts()).as("seed " + seed).containsEntry("late", late);
    }

    private static List<Point> points(Random random) {
        List<Point> points = new ArrayList<>();
        int[] clocks = new int[1 + random.nextInt(4)];
        int count = random.nextInt(200);
        for (int i = 0; i < count; i++) {
            int device = random.nextInt(clocks.length);
            clocks[device] += random.nextInt(8);
            int second = clocks[device] - random.nextInt(30);
            // quarters: sums are exact in whatever order
            points.add(new Point("d" + device, second, random.nextInt(400) / 4.0));
        }
        return points;
    }

    private static String text(Reading result) {
        long start = (result.time() - TestStream.START) / 1_000_000_000L;
        Object deviation = value(result, "s");
        String rounded = deviation instanceof Double real ? String.format("%.6f", real) : deviation.toString();
        return start + ":" + value(result, "n") + "," + value(result, "m") + "," + rounded + "," + value(result, "f")
                + "," + value(result, "l");
    }

    private static long model(List<Point> points, int size, int lateness, Map<String, List<String>> expected) {
        Map<String, Integer> latest = new HashMap<>();
        Map<String, TreeMap<Long, List<Point>>> windows = new HashMap<>();
        long late = 0;
        for (Point point : points) {
            // the start of the test is not aligned for every size
            long absolute = TestStream.START / 1_000_000_000L + point.second;
            long start = absolute - Math.floorMod(absolute, (long) size) - TestStream.START / 1_000_000_000L;
            int watermark = latest.getOrDefault(point.device, -1_000_000) - lateness;
            if (start + size <= watermark) {
                late++;
            } else {
                windows.computeIfAbsent(point.device, device -> new TreeMap<>())
                        .computeIfAbsent(start, at -> new ArrayList<>())
                        .add(point);
            }
            latest.merge(point.device, point.second, Math::max);
        }
        windows.forEach((device, byStart) -> expected.put(
                device,
                byStart.entrySet().stream()
                        .map(entry -> text(entry.getKey(), entry.getValue()))
                        .toList()));
        return late;
    }

    private static String text(long start, List<Point> points) {
        double mean = points.stream().mapToDouble(Point::value).sum() / points.size();
        double squares = points.stream()
                .mapToDouble(point -> Math.pow(point.value - mean, 2))
                .sum();
        String deviation =
                points.size() < 2 ? "(empty)" : String.format("%.6f", Math.sqrt(squares / (points.size() - 1)));
        Point first = points.getFirst();
        Point last = points.getFirst();
        for (Point point : points) {
            first = point.second < first.second ? point : first;
            last = point.second >= last.second ? point : last;
        }
        return start + ":" + points.size() + "," + mean + "," + deviation + "," + first.value + "," + last.value;
    }

    @Test
    void apply_devicesInterleavedAnyhow_doesNotMatter() {
        for (int round = 0; round < 100; round++) {
            long seed = SEED + round;
            Random random = new Random(seed);
            List<Point> points = points(random);
            assertThat(results(interleaved(points, random))).as("seed " + seed).isEqualTo(results(points));
        }
    }

    /// The same order for each device, another one of the devices.
    private static List<Point> interleaved(List<Point> points, Random random) {
        Map<String, List<Point>> byDevice = new TreeMap<>();
        points.forEach(point -> byDevice.computeIfAbsent(point.device, device -> new ArrayList<>())
                .add(point));
        List<Point> result = new ArrayList<>();
        while (!byDevice.isEmpty()) {
            String device = List.copyOf(byDevice.keySet()).get(random.nextInt(byDevice.size()));
            List<Point> rest = byDevice.get(device);
            if (rest == null || rest.isEmpty()) {
                byDevice.remove(device);
            } else {
                result.add(rest.removeFirst());
            }
        }
        return result;
    }

    private static Map<String, List<String>> results(List<Point> points) {
        TestStream stream = new TestStream("t");
        Stage window = stream.stage(
                "- window: { tumbling: 10s, as: w, emit: { n: count(), m: mean(t), s: stddev(t), f: first(t), l: last(t) } }",
                Duration.ofSeconds(7));
        Collected out = new Collected();
        points.forEach(point -> window.apply(stream.at(point.device, point.second, "t", point.value), out));
        window.finish(out);
        Map<String, List<String>> found = new HashMap<>();
        for (Reading result : out.emitted) {
            found.computeIfAbsent(result.device(), device -> new ArrayList<>()).add(text(result));
        }
        return found;
    }
}
