package dev.weir.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// What it costs that a node looks after itself: the processor time of a message on the ingest
/// benchmark, beside that of the same node without heartbeats, counters and samples of latency
/// (`bench/overhead/without.patch`). The two take turns in pairs, each first in every other pair;
/// what counts is the mean of the pairs' ratios, with its interval.
final class OverheadBench {
    private static final int CONNECTIONS = 50;
    private static final int WINDOW = 20;
    private static final Part.Effort QUICK = new Part.Effort(10, 6, 6);
    private static final Part.Effort FULL = new Part.Effort(16, 10, 10);
    private static final int FEWEST = 2;

    /// Student's t for 95 %, by degrees of freedom from 1; 1.96 beyond.
    private static final double[] STUDENT = {
        12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23, 2.20, 2.18, 2.16, 2.14, 2.13, 2.12, 2.11, 2.10, 2.09
    };

    private static final String NODE = """
            sources:
              devices: { mqtt: { listen: "127.0.0.1:%d" } }
            pipelines:
              climate:
                from: devices
                topic: bench/{place}/{device}/climate
                fields: { temperature: { unit: "°C" }, seq: { type: long } }
                to: []
            rules:
              too-hot:
                on: climate
                when: temperature > 30.0
                do: [ publish: { topic: "bench/{place}/{device}/fan/set", payload: '{"on":true}' } ]
            """;

    private final Peers with;
    private final Peers without;
    private final Part.Effort effort;

    private OverheadBench(Peers with, Peers without, Part.Effort effort) {
        this.with = with;
        this.without = without;
        this.effort = effort;
    }

    /// `OverheadBench <weir> <weir without> <csv> <commit> <machine> [--quick] [--rounds=N]`.
    public static void main(String[] args) throws Exception {
        List<String> options = Arrays.asList(args).subList(5, args.length);
        Choice<String> choice = Choice.of(List.of("ingest"), part -> part, options);
        Path work = Files.createTempDirectory("weir-bench");
        Part.Effort effort = (choice.quick() ? QUICK : FULL).withRounds(choice.rounds());
        if (effort.rounds() < FEWEST) {
            throw new IllegalArgumentException("an interval takes 2 pairs at least, not " + effort.rounds());
        }
        Rows rows = new Rows();
        new OverheadBench(
                        new Peers(Path.of(args[0]), work, work, work),
                        new Peers(Path.of(args[1]), work, work, work),
                        effort)
                .run(rows);
        rows.print();
        rows.append(Path.of(args[2]), args[3], args[4]);
    }

    private void run(Rows rows) throws IOException, InterruptedException {
        List<Double> percents = new ArrayList<>();
        Medians medians = new Medians();
        for (int pair = 0; pair < effort.rounds(); pair++) {
            boolean first = pair % 2 == 0;
            double one = microsOfMessage(first ? with : without);
            double other = microsOfMessage(first ? without : with);
            double micros = first ? one : other;
            double bare = first ? other : one;
            medians.add("with", micros);
            medians.add("without", bare);
            double percent = (micros / bare - 1) * 100;
            percents.add(percent);
            System.out.printf(
                    Locale.ROOT,
                    "pair %2d  with %.3f  without %.3f µs CPU/msg  %+.2f %%%n",
                    pair + 1,
                    micros,
                    bare,
                    percent);
            rows.add("server CPU; pair " + (pair + 1), "us/msg", true, micros, "without", bare);
        }
        rows.add("server CPU; median", "us/msg", true, medians.of("with"), "without", medians.of("without"));
        double mean = percents.stream().mapToDouble(x -> x).average().orElseThrow();
        double half = halfInterval(percents, mean);
        rows.add("overhead; mean of pairs", "%", true, mean);
        rows.add("overhead; low end of 95 %", "%", true, mean - half);
        rows.add("overhead; high end of 95 %", "%", true, mean + half);
    }

    private static double halfInterval(List<Double> values, double mean) {
        int freedom = values.size() - 1;
        double squares =
                values.stream().mapToDouble(x -> (x - mean) * (x - mean)).sum();
        double t = freedom > STUDENT.length ? 1.96 : STUDENT[freedom - 1];
        return t * Math.sqrt(squares / freedom / values.size());
    }

    private double microsOfMessage(Peers weir) throws IOException, InterruptedException {
        int port = Peers.freePort();
        try (Server server = weir.weir(NODE, port)) {
            double[] before = {0};
            MqttLoad load = new MqttLoad(server.address(), CONNECTIONS, WINDOW, MqttLoad.RARE, 0);
            MqttLoad.Outcome outcome = load.run(
                    Duration.ofSeconds(effort.warmUpSeconds()),
                    Duration.ofSeconds(effort.seconds()),
                    () -> before[0] = server.cpuSeconds());
            return (server.cpuSeconds() - before[0]) * 1e6 / Math.max(1, outcome.messages());
        }
    }
}
