package dev.weir.cli;

import dev.weir.runtime.Scheduler;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.FutureTask;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

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
            "  weir demo                 recorded devices over real MQTT and CoAP",
            "  weir check my-node.yaml   what is wrong with it, and its worst memory",
            "  weir run my-node.yaml     run it; Ctrl-C drains and stops",
            "",
            "More on a command:  weir help run",
            "Shell completion:   source <(weir generate-completion)",
            "Environment:        NO_COLOR=1 no colours; WEIR_JAVA_OPTS options for the JVM"
        },
        exitCodeListHeading = "%nExit codes of all commands:%n",
        exitCodeList = {"0:done", "1:it did not work; what is wrong is printed", "2:wrong usage"},
        subcommands = {
            DemoCommand.class,
            RunCommand.class,
            CheckCommand.class,
            SizeCommand.class,
            ConnectorsCommand.class,
            SendCommand.class,
            TailCommand.class,
            CredentialsCommand.class,
            PasswordCommand.class,
            DoctorCommand.class,
            AutoComplete.GenerateCompletion.class,
            CommandLine.HelpCommand.class
        })
public final class Main implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    /// Runs the command that `args` name and exits the process with its code. It runs on Weir's
    /// own scheduler, and so does every virtual thread that it starts.
    public static void main(String[] args) throws Exception {
        Logging.quiet();
        FutureTask<Integer> command = new FutureTask<>(() -> run(args));
        Scheduler.shared().start("main", command);
        System.exit(command.get());
    }

    /// Runs the command that `args` name.
    ///
    /// @return the exit code
    static int run(String... args) {
        Logging.quiet();
        return line(standardOutput()).execute(args);
    }

    /// The command line as it is before arguments are known.
    static CommandLine line(PrintWriter out) {
        CommandLine line = new CommandLine(new Main());
        line.setOut(out);
        line.setUsageHelpAutoWidth(true);
        line.getSubcommands().values().forEach(command -> {
            command.getCommandSpec().versionProvider(new Version());
            command.getSubcommands()
                    .values()
                    .forEach(inner -> inner.getCommandSpec().versionProvider(new Version()));
        });
        line.setParameterExceptionHandler(Main::explainUsage);
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            command.getErr().println(command.getColorScheme().errorText("weir: " + Failures.explain(failure)));
            return 1;
        });
        return line;
    }

    /// Where the locale says nothing (LANG is not set) Java would print `?` for every character
    /// that is not ASCII; every terminal of today reads UTF-8.
    private static PrintWriter standardOutput() {
        Charset charset = System.out.charset();
        return new PrintWriter(
                new OutputStreamWriter(
                        System.out, charset.equals(StandardCharsets.US_ASCII) ? StandardCharsets.UTF_8 : charset),
                true);
    }

    /// What was wrong and where to read on, in a few lines: the whole help would push the mistake
    /// off the screen.
    private static int explainUsage(ParameterException mistake, String[] arguments) {
        CommandLine command = mistake.getCommandLine();
        PrintWriter err = command.getErr();
        String name = command.getCommandSpec().qualifiedName();
        err.println(command.getColorScheme().errorText(name + ": " + mistake.getMessage()));
        if (!UnmatchedArgumentException.printSuggestions(mistake, err) && command.getParent() == null) {
            err.println(
                    "Commands: " + String.join(", ", command.getSubcommands().keySet()));
        }
        err.println("Read on: " + name + " --help");
        err.flush();
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
