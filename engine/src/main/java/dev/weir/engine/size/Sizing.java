package dev.weir.engine.size;

import dev.weir.engine.flow.Workforce;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/// What each number of workers gives, by the model.
///
/// The service time at c workers is [Scalability#stretch]ed as if all c were busy, which is the
/// worst case; then comes the queue, or one for each worker.
///
/// @param load what they have to do
/// @param rows for 1, 2, 3, … workers
/// @param sweetSpot the least workers whose p99 is within 5 % of the best in `rows`; empty if none
///     is stable
/// @param plateau the least workers beyond which no number in `rows` has a p99 that is better by
///     2 % or more; empty if it lies beyond the last row, or if no row is stable
public record Sizing(Load load, List<Row> rows, OptionalInt sweetSpot, OptionalInt plateau) {
    /// The most workers that a [Load] is computed for.
    public static final int MOST_WORKERS = 1024;

    private static final int MOST_DEVICES = 1_000_000;
    private static final double CLOSE_TO_BEST = 1.05;
    private static final double GAIN = 0.02;
    private static final int HALVINGS = 50;

    public Sizing {
        rows = List.copyOf(rows);
    }

    /// What comes in and what is done with it.
    ///
    /// @param perSecond arrivals a second; above 0
    /// @param arrivalCv coefficient of variation of the time between them; 1 for Poisson
    /// @param service how long one occupies a worker that is alone
    /// @param scalability what company costs
    /// @param queueing how they wait
    /// @param devices how many equally busy devices there are, 1 to 1,000,000, taken to be called
    ///     `device-1`, `device-2`, …; empty if so many that they spread evenly. Of no meaning to a
    ///     shared queue
    public record Load(
            double perSecond,
            double arrivalCv,
            ServiceTime service,
            Scalability scalability,
            Queueing queueing,
            OptionalInt devices) {
        public Load {
            if (!(perSecond > 0) || Double.isInfinite(perSecond)) {
                throw new IllegalArgumentException("the rate must be above 0, but was " + perSecond + "/s");
            }
            int some = devices.orElse(1);
            if (some < 1 || some > MOST_DEVICES) {
                throw new IllegalArgumentException(
                        "devices must be between 1 and " + MOST_DEVICES + ", but was " + some);
            }
        }
    }

    /// What so many workers give. Times are from arrival to the end of service; all are NaN where
    /// the load is more than the workers, or the busiest of them, can do.
    ///
    /// @param workers how many
    /// @param utilisation the share of time that they are busy, on average; 1 or more is overload
    /// @param busiest the same for the busiest worker
    /// @param meanSeconds the mean
    /// @param p50Seconds the median
    /// @param p99Seconds what one in a hundred exceeds
    public record Row(
            int workers, double utilisation, double busiest, double meanSeconds, double p50Seconds, double p99Seconds) {
        /// Whether no queue grows for ever.
        public boolean stable() {
            return busiest < 1;
        }
    }

    /// A queue, and the share of all readings that go through it or through one just like it.
    private record Part(double share, Erlang queue) {}

    /// Computes the rows from 1 to `most` workers.
    ///
    /// @param most 1 to [#MOST_WORKERS]
    public static Sizing of(Load load, int most) {
        if (most < 1 || most > MOST_WORKERS) {
            throw new IllegalArgumentException(
                    "the most workers must be between 1 and " + MOST_WORKERS + ", but was " + most);
        }
        List<Row> rows = new ArrayList<>();
        for (int workers = 1; workers <= most; workers++) {
            rows.add(row(load, workers));
        }
        return new Sizing(load, rows, sweetSpot(rows), plateau(rows));
    }

    private static Row row(Load load, int workers) {
        double stretch = load.scalability.stretch(workers);
        double utilisation = load.perSecond * load.service.meanSeconds() * stretch / workers;
        List<Part> parts = parts(load, workers, stretch);
        double busiest = parts.stream()
                .mapToDouble(part -> part.queue.utilisation())
                .max()
                .orElse(utilisation);
        if (!(busiest < 1)) {
            return new Row(workers, utilisation, busiest, Double.NaN, Double.NaN, Double.NaN);
        }
        double mean = parts.stream()
                .mapToDouble(part -> part.share * part.queue.meanResponseSeconds())
                .sum();
        return new Row(
                workers,
                utilisation,
                busiest,
                mean,
                quantile(load, parts, stretch, mean, 0.5),
                quantile(load, parts, stretch, mean, 0.99));
    }

    private static List<Part> parts(Load load, int workers, double stretch) {
        double seconds = load.service.meanSeconds() * stretch;
        double cv = load.service.cv();
        return switch (load.queueing) {
            case SHARED -> List.of(new Part(1, new Erlang(workers, load.perSecond, seconds, load.arrivalCv, cv)));
            case BY_DEVICE -> {
                List<Part> parts = new ArrayList<>();
                shares(load.devices, workers).forEach((share, count) -> {
                    Erlang queue = new Erlang(1, load.perSecond * share, seconds, load.arrivalCv, cv);
                    parts.add(new Part(share * count, queue));
                });
                yield parts;
            }
        };
    }

    /// The shares of workers that get any, each with how many workers have it.
    private static Map<Double, Integer> shares(OptionalInt devices, int workers) {
        if (devices.isEmpty()) {
            return Map.of(1.0 / workers, workers);
        }
        int all = devices.getAsInt();
        int[] counts = new int[workers];
        for (int device = 1; device <= all; device++) {
            counts[Workforce.partition("device-" + device, workers)]++;
        }
        Map<Double, Integer> shares = new TreeMap<>();
        for (int count : counts) {
            if (count > 0) {
                shares.merge((double) count / all, 1, Integer::sum);
            }
        }
        return shares;
    }

    private static double quantile(Load load, List<Part> parts, double stretch, double mean, double share) {
        double high = mean;
        while (later(load, parts, stretch, high) > 1 - share) {
            high *= 2;
        }
        double low = 0;
        for (int i = 0; i < HALVINGS && high - low > high * 1e-5; i++) {
            double middle = (low + high) / 2;
            if (later(load, parts, stretch, middle) > 1 - share) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    private static double later(Load load, List<Part> parts, double stretch, double seconds) {
        double later = 0;
        for (Part part : parts) {
            later += part.share * load.service.respondsLaterThan(seconds, part.queue, stretch);
        }
        return later;
    }

    private static OptionalInt sweetSpot(List<Row> rows) {
        double best = best(rows);
        return rows.stream()
                .filter(row -> row.p99Seconds <= best * CLOSE_TO_BEST)
                .mapToInt(Row::workers)
                .findFirst();
    }

    private static double best(List<Row> rows) {
        return rows.stream()
                .filter(Row::stable)
                .mapToDouble(Row::p99Seconds)
                .min()
                .orElse(Double.NaN);
    }

    private static OptionalInt plateau(List<Row> rows) {
        for (int i = 0; i < rows.size() - 1; i++) {
            Row row = rows.get(i);
            double beyond = best(rows.subList(i + 1, rows.size()));
            if (row.stable() && !(beyond <= row.p99Seconds * (1 - GAIN))) {
                return OptionalInt.of(row.workers);
            }
        }
        return OptionalInt.empty();
    }
}
