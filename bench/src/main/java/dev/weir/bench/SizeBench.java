package dev.weir.bench;

import dev.weir.bench.WaitingPool.Outcome;
import dev.weir.engine.size.Queueing;
import dev.weir.engine.size.Scalability;
import dev.weir.engine.size.Scalability.Throughput;
import dev.weir.engine.size.ServiceTime;
import dev.weir.engine.size.SizeChart;
import dev.weir.engine.size.SizeChart.Measured;
import dev.weir.engine.size.Sizing;
import dev.weir.engine.size.Sizing.Load;
import dev.weir.engine.size.Sizing.Row;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/// Workers against latency, measured and by the model of `weir size`: jobs that wait 5 ms on
/// average, in an open loop. The model gets the service times of one busy worker and the law
/// fitted to throughput with all workers busy, and nothing of what it is compared with.
final class SizeBench {
    private static final int[] WORKERS = {1, 2, 4, 8, 16, 32, 64};
    private static final int MOST = 64;

    /// Closer to capacity than this a run would have to last for hours to settle.
    private static final double BUSIEST = 0.93;

    /// One that a single worker can do, and one that wants eight of them.
    private static final double[] RATES = {120, 1500};

    private final Rows rows = new Rows();
    private final Path csv;
    private final boolean quick;

    private SizeBench(Path csv, boolean quick) {
        this.csv = csv;
        this.quick = quick;
    }

    /// `SizeBench <csv> <commit> <machine> [--quick]`; charts are written beside the CSV.
    public static void main(String[] args) throws Exception {
        Path csv = Path.of(args[0]);
        boolean quick = args.length > 3 && args[3].equals("--quick");
        SizeBench bench = new SizeBench(csv, quick);
        bench.run();
        bench.rows.print();
        bench.rows.append(csv, args[1], args[2]);
    }

    private void run() throws Exception {
        WaitingPool.open(Queueing.SHARED, 8, 500, Duration.ofSeconds(2)); // warm-up
        double[] services = WaitingPool.busy(1, Duration.ofSeconds(quick ? 4 : 10))
                .services()
                .toArray();
        ServiceTime service = ServiceTime.measured(services);
        say(String.format(
                Locale.ROOT,
                "service time %.3f ms, coefficient of variation %.3f (%d)",
                service.meanSeconds() * 1e3,
                service.cv(),
                services.length));
        Scalability.Fit fit = fit();
        for (double rate : RATES) {
            for (Queueing queueing : Queueing.values()) {
                OptionalInt devices = OptionalInt.of(WaitingPool.DEVICES);
                compare(Sizing.of(new Load(rate, 1, service, fit.law(), queueing, devices), MOST));
            }
        }
    }

    private Scalability.Fit fit() throws InterruptedException {
        List<Throughput> points = new ArrayList<>();
        for (int workers : WORKERS) {
            double perSecond =
                    WaitingPool.busy(workers, Duration.ofSeconds(quick ? 1 : 4)).perSecond();
            points.add(new Throughput(workers, perSecond));
        }
        Scalability.Fit fit = Scalability.fit(points);
        for (Throughput point : points) {
            rows.add(
                    "all busy; " + point.workers() + " workers",
                    "jobs/s",
                    false,
                    point.perSecond(),
                    "model",
                    fit.perSecond(point.workers()));
        }
        rows.add("all busy; error of the fit; root mean square", "%", true, 100 * fit.rmsError());
        rows.add("all busy; error of the fit; worst", "%", true, 100 * fit.worstError());
        say(String.format(
                Locale.ROOT,
                "sigma %.6f, kappa %.8f, error %.2f %%, worst %.2f %%",
                fit.law().contention(),
                fit.law().coherency(),
                100 * fit.rmsError(),
                100 * fit.worstError()));
        return fit;
    }

    private void compare(Sizing sizing) throws Exception {
        Load load = sizing.load();
        String name = load.queueing().word() + "; " + (int) load.perSecond() + "/s; ";
        List<Measured> measured = new ArrayList<>();
        double meanSquares = 0;
        double p99Squares = 0;
        for (int workers : WORKERS) {
            Row row = sizing.rows().get(workers - 1);
            if (!(row.busiest() < BUSIEST)) {
                say(String.format(
                        Locale.ROOT,
                        "%s%d workers: left out, the busiest would be busy for %.0f %%",
                        name,
                        workers,
                        100 * row.busiest()));
                continue;
            }
            Outcome outcome = WaitingPool.open(load.queueing(), workers, load.perSecond(), time(load.perSecond()));
            if (outcome.refused() > 0) {
                say(String.format(
                        Locale.ROOT,
                        "%s%d workers: left out, %d jobs found the queue full",
                        name,
                        workers,
                        outcome.refused()));
                continue;
            }
            measured.add(new Measured(
                    workers, outcome.latencies().mean(), outcome.latencies().p99()));
            meanSquares += square(row.meanSeconds() / outcome.latencies().mean() - 1);
            p99Squares += square(row.p99Seconds() / outcome.latencies().p99() - 1);
            String of = name + workers + " workers; ";
            rows.add(of + "mean", "ms", true, outcome.latencies().mean() * 1e3, "model", row.meanSeconds() * 1e3);
            rows.add(of + "p99", "ms", true, outcome.latencies().p99() * 1e3, "model", row.p99Seconds() * 1e3);
            say(String.format(
                    Locale.ROOT,
                    "%smean %.2f ms (model %.2f), p99 %.2f ms (model %.2f), %d jobs",
                    of,
                    outcome.latencies().mean() * 1e3,
                    row.meanSeconds() * 1e3,
                    outcome.latencies().p99() * 1e3,
                    row.p99Seconds() * 1e3,
                    outcome.latencies().count()));
        }
        rows.add(name + "error of the model; mean", "%", true, 100 * Math.sqrt(meanSquares / measured.size()));
        rows.add(name + "error of the model; p99", "%", true, 100 * Math.sqrt(p99Squares / measured.size()));
        rows.add(
                name + "sweet spot by the model",
                "workers",
                true,
                sizing.sweetSpot().orElse(0));
        rows.add(
                name + "plateau by the model", "workers", true, sizing.plateau().orElse(0));
        String title = (load.queueing() == Queueing.SHARED ? "one queue" : "a queue for each worker") + ", "
                + (int) load.perSecond() + " jobs/s that wait 5 ms";
        Files.writeString(
                csv.resolveSibling("size-" + load.queueing().word() + "-" + (int) load.perSecond() + ".svg"),
                SizeChart.svg(title, sizing, measured));
    }

    private Duration time(double rate) {
        int seconds = rate < 1000 ? 24 : 10;
        return Duration.ofSeconds(quick ? seconds / 4 : seconds);
    }

    private static double square(double value) {
        return value * value;
    }

    private static void say(String text) {
        System.out.println(text);
    }
}
