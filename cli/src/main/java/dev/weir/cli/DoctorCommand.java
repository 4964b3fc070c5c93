package dev.weir.cli;

import dev.weir.node.NodeConfig;
import dev.weir.node.NodePlan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `weir doctor`: what a bug report needs.
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Collects what a bug report needs into a ZIP file: versions, the machine, the config without secrets, what"
                    + " `weir check` says, and of a node that runs its state, metrics, threads, heap and a profile.",
            "Readings, payloads and credentials are not in it. It is yours to read before you pass it on."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the file is written; what could not be had is listed in it",
            "1:the file could not be written",
            "2:wrong usage, or the config cannot be read"
        },
        footer = {"", "Example:", "  weir doctor my-node.yaml --profile 20"})
final class DoctorCommand implements Callable<Integer> {
    private static final int MOST_SECONDS = 120;
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    @Parameters(paramLabel = "FILE", description = "the node's config")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path file;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "ZIP",
            description = "where to; weir-doctor-TIME.zip here when left out")
    @Nullable
    private Path output;

    @Option(
            names = "--profile",
            paramLabel = "SECONDS",
            defaultValue = "5",
            description = "how long the profile is recorded, 0 for none; ${DEFAULT-VALUE} when left out")
    private int seconds;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (seconds < 0 || seconds > MOST_SECONDS) {
            throw new ParameterException(
                    spec.commandLine(), "--profile must be between 0 and " + MOST_SECONDS + ", but was " + seconds);
        }
        NodeConfig config = NodePlan.load(file, System.getenv());
        Terminal terminal = new Terminal(spec.commandLine().getOut());
        if (config.report().exitCode() == 2) {
            terminal.bad(config.report().render());
            return 2;
        }
        Path zip = output == null ? Path.of("weir-doctor-" + STAMP.format(Instant.now()) + ".zip") : output;
        try (Findings findings = Findings.into(zip)) {
            new Doctor(config, seconds).examine(findings);
            findings.missing().forEach(terminal::quiet);
        }
        terminal.important(zip.toString());
        return 0;
    }
}
