package dev.weir.cli;

import dev.weir.engine.config.CheckReport;
import dev.weir.engine.flow.Live;
import dev.weir.node.Node;
import dev.weir.node.NodeConfig;
import dev.weir.node.NodePlan;
import dev.weir.runtime.Scheduler;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `weir demo`: the main job in front of one's eyes.
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Starts a node in a fresh temporary folder and replays four recorded devices to it: two over real MQTT and two"
                    + " over real CoAP connections, 240 times as fast as they were recorded (under two minutes).",
            "Prints alarms and commands as they happen and the last readings once a second; the URLs are for a browser."
                    + " Ctrl-C drains, stops within 5 seconds and prints the ledger.",
            "Where 1883, 5683 or 8080 is taken it chooses another port. It leaves nothing behind."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:it ran (until Ctrl-C, or --once to its end), and the ledger balances",
            "1:it did not",
            "2:wrong usage"
        })
final class DemoCommand implements Callable<Integer> {
    private static final double SPEED = 240;
    private static final int EVENTS = 4096;

    @Option(
            names = "--once",
            description = "replays as fast as possible, closes the windows when the recording ends, prints the totals,"
                    + " and exits")
    private boolean once;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Terminal terminal = new Terminal(spec.commandLine().getOut());
        Signals.onEnd(Thread.currentThread()::interrupt);
        try (DemoFolder folder = DemoFolder.create()) {
            Map<String, String> environment = new HashMap<>(System.getenv());
            DemoPorts ports = DemoPorts.choose();
            ports.into(environment);
            environment.put("WEIR_DATA", folder.path().resolve("data").toString());
            NodeConfig config = NodePlan.load(folder.config(), environment);
            NodePlan plan = NodePlan.of(config);
            CheckReport report = config.report();
            if (report.exitCode() != 0) {
                terminal.bad(report.render());
                return 1;
            }
            try (Recording recording = Recording.open(folder.recording())) {
                Motes motes = Motes.of(recording);
                Node node = Node.open(plan);
                try {
                    boolean balanced = once
                            ? playOnce(node, motes, ports, terminal)
                            : play(node, motes, ports, folder.path(), terminal);
                    return balanced ? 0 : 1;
                } finally {
                    node.close(Duration.ZERO);
                }
            }
        }
    }

    private static boolean playOnce(Node node, Motes motes, DemoPorts ports, Terminal terminal)
            throws IOException, InterruptedException {
        terminal.line("replaying the recording as fast as it is acknowledged");
        motes.play(ports, Pacing.UNPACED);
        node.closeWindows();
        DemoTotals totals = DemoTotals.of(node);
        boolean balanced = Ending.close(node, terminal);
        totals.print(terminal);
        return balanced;
    }

    private static boolean play(Node node, Motes motes, DemoPorts ports, Path folder, Terminal terminal)
            throws IOException, InterruptedException {
        introduce(node, ports, folder, terminal);
        try (Live.Subscriber events = node.live().subscribe(EVENTS, event -> true)) {
            Thread watcher = Scheduler.go("demo-watch", new LivePrinter(events, terminal));
            try {
                motes.play(ports, Pacing.at(SPEED));
                terminal.important("The recording has ended; the node goes on. Ctrl-C stops it.");
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                // Ctrl-C: what follows is how the demo is meant to end.
            } finally {
                watcher.interrupt();
                watcher.join();
            }
        }
        terminal.line("");
        terminal.line("stopping");
        return Ending.close(node, terminal);
    }

    private static void introduce(Node node, DemoPorts ports, Path folder, Terminal terminal) {
        terminal.important("A node with four recorded motes, at " + (int) SPEED + " times their speed");
        for (String line : List.of(
                "  page        " + node.url(),
                "  last values " + node.url() + "api/v1/latest",
                "  alarms      " + node.url() + "api/v1/alarms",
                "  ledger      " + node.url() + "api/v1/ledger",
                "  metrics     " + node.url() + "metrics",
                "  MQTT        mosquitto_sub -p " + ports.mqtt() + " -t 'motes/#' -v",
                "  CoAP        coap-client-notls coap://127.0.0.1:" + ports.coap() + "/latest/climate/mote-3",
                "  store       sqlite3 " + folder.resolve("data/store.db") + " 'select * from climate_10m'")) {
            terminal.line(line);
        }
        terminal.line("");
    }
}
