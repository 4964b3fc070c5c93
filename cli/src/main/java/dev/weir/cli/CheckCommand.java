package dev.weir.cli;

import dev.weir.engine.config.CheckReport;
import dev.weir.node.NodeConfig;
import dev.weir.node.NodePlan;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `weir check`: validates a config.
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = {
            "Validates a config without starting anything.",
            "Prints every mistake with file, line and column; or else the resolved pipelines, the worst case of every"
                    + " queue in bytes, and their sum. Warnings are printed either way."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the config can be run", "1:it has mistakes", "2:wrong usage, or the file cannot be read"},
        footer = {"", "Examples:", "  weir check my-node.yaml", "  weir check --schema > weir.schema.json"})
final class CheckCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "FILE", description = "the node's config")
    @org.jspecify.annotations.Nullable
    private Path file;

    @Option(names = "--schema", description = "prints the JSON Schema of config files, for editors, instead")
    private boolean schema;

    @Option(names = "--reference", description = "prints the reference of all options (Markdown) instead")
    private boolean reference;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        Terminal terminal = new Terminal(spec.commandLine().getOut());
        if (schema) {
            terminal.line(NodePlan.jsonSchema());
            return 0;
        }
        if (reference) {
            terminal.line(NodePlan.reference());
            return 0;
        }
        if (file == null) {
            throw new picocli.CommandLine.ParameterException(
                    spec.commandLine(), "FILE is missing: the config to check");
        }
        NodeConfig config = NodePlan.load(file, System.getenv());
        NodePlan plan = NodePlan.of(config);
        CheckReport report = config.report();
        if (!report.render().isEmpty()) {
            terminal.line(report.render());
        }
        if (report.exitCode() == 0) {
            plan.describe().forEach(terminal::line);
        }
        return report.exitCode();
    }
}
