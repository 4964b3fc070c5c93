package dev.weir.cli;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `weir`: finds the command and runs it. Exit codes: 0 done, 1 it did not work, 2 wrong usage.
@Command(
        name = "weir",
        description = "An edge node for IoT: devices in over MQTT and CoAP, bounded pipelines, rules, a local store.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        usageHelpAutoWidth = true,
        footer = {
            "",
            "First steps:",
            "  weir demo                 four recorded devices over real MQTT and CoAP, in front of your eyes",
            "  weir check my-node.yaml   what is wrong with a config, and how much memory it can take at worst",
            "  weir run my-node.yaml     run it; Ctrl-C drains and stops",
            "",
            "Shell completion:  source <(weir generate-completion)"
        },
        subcommands = {
            DemoCommand.class,
            RunCommand.class,
            CheckCommand.class,
            SendCommand.class,
            TailCommand.class,
            AutoComplete.GenerateCompletion.class,
            CommandLine.HelpCommand.class
        })
public final class Main implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    /// Runs the command that `args` name and exits the process with its code.
    public static void main(String[] args) {
        System.exit(run(args));
    }

    /// Runs the command that `args` name.
    ///
    /// @return the exit code
    static int run(String... args) {
        Logging.quiet();
        CommandLine line = new CommandLine(new Main());
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            command.getErr().println(command.getColorScheme().errorText("weir: " + Failures.explain(failure)));
            return 1;
        });
        return line.execute(args);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
