package dev.weir.cli;

import dev.weir.engine.config.CheckReport;
import dev.weir.node.Node;
import dev.weir.node.NodeConfig;
import dev.weir.node.NodePlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `weir run`: a node until somebody stops it.
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a node until Ctrl-C or SIGTERM, which drain it, stop it within 5 seconds and print its ledger.",
            "Prints where it listens to standard output; logs go to standard error, as `logs:` in the config says."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:it was stopped, by Ctrl-C or SIGTERM too",
            "1:it could not start; what is wrong is printed",
            "2:wrong usage, or the file cannot be read"
        },
        footer = {"", "Example:", "  weir check my-node.yaml && weir run my-node.yaml"})
final class RunCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "the node's config")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path file;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Terminal terminal = new Terminal(spec.commandLine().getOut());
        NodeConfig config = NodePlan.load(file, System.getenv());
        NodePlan plan = NodePlan.of(config);
        CheckReport report = config.report();
        if (report.exitCode() != 0) {
            terminal.bad(report.render());
            return report.exitCode();
        }
        // From here on: who stops a node while it starts gets one that has started and stops.
        CountDownLatch end = new CountDownLatch(1);
        Signals.onEnd(end::countDown);
        Logging.node(config.logLevel(), config.logsAsJson());
        Node node;
        try {
            node = Node.open(plan, new LogbackLevels());
        } catch (IOException e) {
            terminal.bad(config.report().exitCode() != 0 ? config.report().render() : "weir: " + Failures.explain(e));
            return 1;
        }
        introduce(node, terminal);
        end.await();
        terminal.line("stopping");
        Ending.close(node, terminal);
        return 0;
    }

    private static void introduce(Node node, Terminal terminal) {
        List<String> entrances = node.entrances();
        terminal.important(entrances.getFirst());
        entrances.stream().skip(1).forEach(terminal::line);
        terminal.quiet("Ctrl-C drains and stops it");
    }
}
