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
/// (`bench/overhead/without.patch`). In each round both are started, and loaded in turn for a short
/// time each, again and again, so that whatever else the machine does meets both alike. What counts
/// is the median of the rounds, with its interval from the order of the rounds, which assumes
/// nothing about how the noise is distributed.
final class OverheadBench {
    private static final int CONNECTIONS = 50;
    private static final int WINDOW = 20;
    private static final int QUICK = 6;
    private static final int FULL = 12;
    private static final Duration WARM_UP = Duration.ofSeconds(8);

    /// How often each of the two is loaded in a round.
    private static final int TURNS = 10;

    private static final Duration BEFORE_TURN = Duration.ofMillis(300);
    private static final Duration TURN = Duration.ofMillis(1_500);

    /// For an interval of 95 %.
    private static final double DOUBT = 0.05;

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
    private final int rounds;

    private OverheadBench(Peers with, Peers without, int rounds) {
        this.with = with;
        this.without = without;
        this.rounds = rounds;
    }

    /// `OverheadBench <weir> <weir without> <csv> <commit> <machine> [--quick] [--rounds=N]`.
    public static void main(String[] args) throws Exception {
        List<String> options = Arrays.asList(args).subList(5, args.length);
        Choice<String> choice = Choice.of(List.of("ingest"), part -> part, options);
        Path work = Files.createTempDirectory("weir-bench");
        int usual = choice.quick() ? QUICK : FULL;
        int rounds = choice.rounds() == 0 ? usual : choice.rounds();
        if (rounds < QUICK) {
            throw new IllegalArgumentException("an interval of 95 % takes 6 rounds at least, not " + rounds);
        }
        Rows rows = new Rows();
        new OverheadBench(
                        new Peers(Path.of(args[0]), work, work, work),
                        new Peers(Path.of(args[1]), work, work, work),
                        rounds)
                .run(rows);
        rows.print();
        rows.append(Path.of(args[2]), args[3], args[4]);
    }

    private void run(Rows rows) throws IOException, InterruptedException {
        List<Double> percents = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            int port = Peers.freePort();
            int otherPort = Peers.freePort();
            try (Server one = with.weir(NODE, port);
                    Server other = without.weir(NODE, otherPort)) {
                Used ours = new Used(one);
                Used bare = new Used(other);
                ours.load(WARM_UP, Duration.ZERO);
                bare.load(WARM_UP, Duration.ZERO);
                for (int turn = 0; turn < TURNS; turn++) {
                    (turn % 2 == 0 ? ours : bare).load(BEFORE_TURN, TURN);
                    (turn % 2 == 0 ? bare : ours).load(BEFORE_TURN, TURN);
                }
                double percent = (ours.micros() / bare.micros() - 1) * 100;
                percents.add(percent);
                System.out.printf(
                        Locale.ROOT,
                        "round %2d  with %.3f  without %.3f µs CPU/msg  %+.2f %%%n",
                        round,
                        ours.micros(),
                        bare.micros(),
                        percent);
                rows.add("server CPU; round " + round, "us/msg", true, ours.micros(), "without", bare.micros());
            }
        }
        percents.sort(null);
        int from = fromEnd(rounds);
        rows.add("overhead; median of rounds", "%", true, median(percents));
        rows.add("overhead; low end of 95 %", "%", true, percents.get(from));
        rows.add("overhead; high end of 95 %", "%", true, percents.get(rounds - 1 - from));
    }

    private static double median(List<Double> sorted) {
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    /// How many values of a sorted list are outside the interval of the median at each end.
    private static int fromEnd(int count) {
        double probability = Math.pow(0.5, count);
        double sum = probability;
        int outside = 0;
        while (2 * (sum + probability * (count - outside) / (outside + 1)) <= DOUBT) {
            probability *= (double) (count - outside) / (outside + 1);
            sum += probability;
            outside++;
        }
        return outside;
    }

    /// The processor time that a server has used for messages.
    private static final class Used {
        private final Server server;
        private double seconds;
        private long messages;

        Used(Server server) {
            this.server = server;
        }

        void load(Duration before, Duration measured) throws IOException, InterruptedException {
            double[] begin = {0};
            MqttLoad load = new MqttLoad(server.address(), CONNECTIONS, WINDOW, MqttLoad.RARE, 0);
            MqttLoad.Outcome outcome = load.run(before, measured, () -> begin[0] = server.cpuSeconds());
            if (measured.isPositive()) {
                seconds += server.cpuSeconds() - begin[0];
                messages += outcome.messages();
            }
        }

        double micros() {
            return seconds * 1e6 / Math.max(1, messages);
        }
    }
}
