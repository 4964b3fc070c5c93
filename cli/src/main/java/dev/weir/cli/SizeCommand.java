package dev.weir.cli;

import dev.weir.cli.RunningNode.Measured;
import dev.weir.engine.flow.SegmentPlan;
import dev.weir.engine.size.Queueing;
import dev.weir.engine.size.Scalability;
import dev.weir.engine.size.ServiceTime;
import dev.weir.engine.size.SizeChart;
import dev.weir.engine.size.Sizing;
import dev.weir.engine.size.Sizing.Load;
import dev.weir.node.NodeConfig;
import dev.weir.node.NodePlan;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `weir size`: how many workers.
@Command(
        name = "size",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Says how many workers a pipeline wants: latency and utilisation for each number of them, by a queueing"
                    + " model (docs/sizing.md).",
            "Rate and service times are those that the running node of this config measures, or what the options"
                    + " say."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:the config has mistakes, no node answers, or it has measured too little",
            "2:wrong usage, or the file cannot be read"
        },
        footer = {
            "",
            "Examples:",
            "  weir size my-node.yaml",
            "  weir size my-node.yaml --rate 2000/s --service 3ms --cv 0.8",
            "  weir size my-node.yaml --pipeline climate --svg climate.svg"
        })
final class SizeCommand implements Callable<Integer> {
    /// With fewer samples the variation says nothing.
    private static final int LEAST_SAMPLES = 30;

    @Parameters(paramLabel = "FILE", description = "the node's config")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path file;

    @Option(
            names = "--pipeline",
            paramLabel = "NAME",
            description = "only this one, as `weir check` names it, or a" + " segment of it: climate.2")
    private @Nullable String pipeline;

    @Option(names = "--rate", paramLabel = "RATE", description = "readings that come in: 2000/s, 120/min")
    private @Nullable String rate;

    @Option(names = "--service", paramLabel = "TIME", description = "how long one occupies a worker: 3ms, 250us")
    private @Nullable String service;

    @Option(
            names = "--cv",
            paramLabel = "X",
            defaultValue = "1.0",
            description = "coefficient of variation of --service, 0 to 10 (default: ${DEFAULT-VALUE}, exponential)")
    private double cv;

    @Option(
            names = "--samples",
            paramLabel = "FILE",
            description = "measured service times, one a line, instead of" + " --service")
    private @Nullable Path samples;

    @Option(
            names = "--arrival-cv",
            paramLabel = "X",
            defaultValue = "1.0",
            description = "coefficient of variation of the time between readings (default: ${DEFAULT-VALUE}, Poisson)")
    private double arrivalCv;

    @Option(names = "--sigma", paramLabel = "X", defaultValue = "0", description = "contention, 0 to 1 (default: 0)")
    private double sigma;

    @Option(names = "--kappa", paramLabel = "X", defaultValue = "0", description = "coherency, 0 to 1 (default: 0)")
    private double kappa;

    @Option(
            names = "--fit",
            paramLabel = "FILE",
            description = "finds sigma and kappa: lines of workers, and what they"
                    + " get done in a second when all are busy")
    private @Nullable Path fit;

    @Option(
            names = "--queue",
            paramLabel = "KIND",
            description =
                    "device: one for each worker; shared: one for all, M/M/c (default: shared where the config says"
                            + " `workers: auto`, up to as many as those may be; else device)")
    private @Nullable String queue;

    @Option(names = "--devices", paramLabel = "N", description = "how many devices send, if they are few")
    private @Nullable Integer devices;

    @Option(
            names = "--most",
            paramLabel = "N",
            defaultValue = "64",
            description = "workers to compute for, 1 to 1024 (default: ${DEFAULT-VALUE})")
    private int most;

    @Option(
            names = "--over",
            paramLabel = "TIME",
            defaultValue = "5s",
            description = "how long the running node's rate is measured (default: ${DEFAULT-VALUE})")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String over;

    @Option(names = "--url", paramLabel = "URL", description = "the running node (default: what the config says)")
    private @Nullable URI url;

    @Option(names = "--svg", paramLabel = "FILE", description = "draws it too; for one pipeline")
    private @Nullable Path svg;

    @Option(names = "--json", description = "for programs: an array of objects, times in seconds")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    /// A segment, and what it has to do.
    ///
    /// @param now how many workers it has, or begins with
    private record Asked(SegmentPlan segment, Load load, int now, String origin) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        checkOptions();
        Terminal terminal = new Terminal(spec.commandLine().getOut());
        NodeConfig config = NodePlan.load(file, System.getenv());
        NodePlan plan = NodePlan.of(config);
        if (config.report().exitCode() != 0) {
            terminal.line(config.report().render());
            return config.report().exitCode();
        }
        List<SegmentPlan> segments = chosen(plan.segments());
        Scalability law = law(terminal);
        Map<String, Sizing> sizings = new LinkedHashMap<>();
        Map<String, Integer> now = new HashMap<>();
        for (Asked asked : loads(segments, config, law)) {
            String name = asked.segment.name();
            Sizing sizing = Sizing.of(asked.load, most(asked.segment));
            sizings.put(name, sizing);
            now.put(name, asked.now);
            if (!json) {
                SizeText.of(name, asked.now, asked.origin, sizing).forEach(terminal::line);
            }
        }
        if (json) {
            terminal.line(SizeJson.of(sizings, now));
        }
        draw(sizings);
        return sizings.isEmpty() ? 1 : 0;
    }

    private void checkOptions() {
        check(service == null || samples == null, "--service and --samples exclude each other");
        check(fit == null || (sigma == 0 && kappa == 0), "--fit finds sigma and kappa: leave them out");
        check(cv >= 0 && cv <= 10, "--cv must be between 0 and 10, but was " + cv);
        check(arrivalCv >= 0 && arrivalCv <= 10, "--arrival-cv must be between 0 and 10, but was " + arrivalCv);
        check(sigma >= 0 && sigma <= 1, "--sigma must be between 0 and 1, but was " + sigma);
        check(kappa >= 0 && kappa <= 1, "--kappa must be between 0 and 1, but was " + kappa);
        check(
                most >= 1 && most <= Sizing.MOST_WORKERS,
                "--most must be between 1 and " + Sizing.MOST_WORKERS + ", but was " + most);
        check(
                devices == null || (devices >= 1 && devices <= 1_000_000),
                "--devices must be between 1 and 1000000, but was " + devices);
        check(
                queue == null || queue.equals(Queueing.SHARED.word()) || queue.equals(Queueing.BY_DEVICE.word()),
                "--queue must be device or shared, but was '" + queue + "'");
        check(url == null || url.getHost() != null, "--url: expected http://HOST:PORT, but was '" + url + "'");
        parsed("--over", over, SizeInput::seconds);
        if (rate != null) {
            parsed("--rate", rate, SizeInput::rate);
        }
        if (service != null) {
            check(parsed("--service", service, SizeInput::seconds) > 0, "--service must be above 0");
        }
    }

    /// With `workers: auto` whoever is free works for whoever waits.
    private Queueing queueing(SegmentPlan segment) {
        boolean shared = queue == null ? segment.workforce().first().isPresent() : queue.equals(Queueing.SHARED.word());
        return shared ? Queueing.SHARED : Queueing.BY_DEVICE;
    }

    /// With `workers: auto` there are never more than so many, and a fixed number of more would not
    /// share their queue.
    private int most(SegmentPlan segment) {
        boolean follows = queue == null && segment.workforce().first().isPresent();
        return follows ? Math.min(most, segment.workforce().workers()) : most;
    }

    private void check(boolean good, String mistake) {
        if (!good) {
            throw new ParameterException(spec.commandLine(), mistake);
        }
    }

    private double parsed(String option, String text, java.util.function.ToDoubleFunction<String> parser) {
        try {
            return parser.applyAsDouble(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), option + ": " + e.getMessage(), e);
        }
    }

    private List<SegmentPlan> chosen(List<SegmentPlan> all) {
        String wanted = pipeline;
        List<SegmentPlan> some = wanted == null
                ? all
                : all.stream()
                        .filter(segment -> segment.name().equals(wanted)
                                || segment.name().matches(java.util.regex.Pattern.quote(wanted) + "\\.[0-9]+"))
                        .toList();
        String names = all.stream().map(SegmentPlan::name).collect(Collectors.joining(", "));
        check(!some.isEmpty(), "there is no pipeline '" + wanted + "'; there are: " + names);
        check(svg == null || some.size() == 1, "--svg draws one: say which with --pipeline; there are: " + names);
        return some;
    }

    private Scalability law(Terminal terminal) throws IOException {
        if (fit == null) {
            return new Scalability(sigma, kappa);
        }
        Scalability.Fit found;
        try {
            found = Scalability.fit(SizeInput.throughput(fit));
        } catch (IllegalArgumentException e) {
            throw new IOException(fit + ": " + e.getMessage(), e);
        }
        if (!json) {
            terminal.line(String.format(
                    Locale.ROOT,
                    "fit of %s: sigma %.4f, kappa %.6f, one worker %.1f/s; error %.1f %% (root mean square), at worst"
                            + " %.1f %%",
                    fit,
                    found.law().contention(),
                    found.law().coherency(),
                    found.single(),
                    100 * found.rmsError(),
                    100 * found.worstError()));
        }
        return found.law();
    }

    /// What each segment has to do; a segment of which too little is known is named and left out.
    private List<Asked> loads(List<SegmentPlan> segments, NodeConfig config, Scalability law)
            throws IOException, InterruptedException {
        ServiceTime told = told();
        String origin = samples == null ? "as told" : "from " + samples;
        OptionalInt some = devices == null ? OptionalInt.empty() : OptionalInt.of(devices);
        java.util.ArrayList<Asked> asked = new java.util.ArrayList<>();
        if (rate != null && told != null) {
            for (SegmentPlan segment : segments) {
                Load load = new Load(SizeInput.rate(rate), arrivalCv, told, law, queueing(segment), some);
                asked.add(new Asked(segment, load, segment.workforce().atFirst(), origin));
            }
            return asked;
        }
        Observed observed = observed(config);
        for (SegmentPlan segment : segments) {
            Measured now = observed.segments.get(segment.name());
            if (now == null) {
                spec.commandLine().getErr().println(segment.name() + ": the running node does not have it");
                continue;
            }
            double perSecond = rate == null ? observed.perSecond(segment.name()) : SizeInput.rate(rate);
            String missing = missing(now, perSecond, told);
            if (!missing.isEmpty()) {
                spec.commandLine().getErr().println(segment.name() + ": " + missing);
                continue;
            }
            ServiceTime time = told != null
                    ? told
                    : ServiceTime.of(
                            // They were measured with the others beside them.
                            now.meanSeconds() / law.stretch(Math.max(1, now.workers())),
                            Math.min(10, now.deviationSeconds() / now.meanSeconds()));
            asked.add(new Asked(
                    segment,
                    new Load(perSecond, arrivalCv, time, law, queueing(segment), some),
                    now.workers(),
                    told != null ? origin : now.samples() + " measured by the node"));
        }
        return asked;
    }

    private static String missing(Measured now, double perSecond, @Nullable ServiceTime told) {
        if (!(perSecond > 0)) {
            return "nothing came in; say --rate, or measure longer with --over";
        }
        if (told == null && (now.samples() < LEAST_SAMPLES || now.meanSeconds() == 0)) {
            return "the node has measured " + now.samples() + " service times, and " + LEAST_SAMPLES
                    + " are the least (it measures one batch in 64); wait, or say --service";
        }
        return "";
    }

    private @Nullable ServiceTime told() throws IOException {
        if (samples != null) {
            return ServiceTime.measured(SizeInput.samples(samples));
        }
        return service == null ? null : ServiceTime.of(SizeInput.seconds(service), cv);
    }

    /// What the node says, now and some time before.
    private record Observed(Map<String, Measured> before, Map<String, Measured> segments, double seconds) {
        double perSecond(String segment) {
            Measured then = before.get(segment);
            Measured now = segments.get(segment);
            return then == null || now == null ? 0 : (now.accepted() - then.accepted()) / seconds;
        }
    }

    private Observed observed(NodeConfig config) throws IOException, InterruptedException {
        try (RunningNode node = new RunningNode(url == null ? RemoteNode.address(config) : url)) {
            long started = System.nanoTime();
            Map<String, Measured> before = node.segments();
            if (rate == null) {
                Thread.sleep(Duration.ofNanos((long) (1e9 * Math.max(0.1, SizeInput.seconds(over)))));
            }
            return new Observed(before, node.segments(), (System.nanoTime() - started) / 1e9);
        }
    }

    private void draw(Map<String, Sizing> sizings) throws IOException {
        for (Map.Entry<String, Sizing> sizing : sizings.entrySet()) {
            if (svg != null) {
                Files.writeString(svg, SizeChart.svg("workers of " + sizing.getKey(), sizing.getValue(), List.of()));
            }
        }
    }
}
