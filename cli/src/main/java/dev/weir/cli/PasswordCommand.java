package dev.weir.cli;

import dev.weir.node.access.PasswordHash;
import java.io.Console;
import java.io.IOException;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `weir password`: makes the hash that a config wants.
@Command(
        name = "password",
        mixinStandardHelpOptions = true,
        description = {
            "Reads a password and prints its bcrypt hash, for `access: users:` in a config.",
            "Asks twice on a terminal; otherwise reads one line from standard input."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the hash is printed",
            "1:there is no password, it is too long, or the two differ",
            "2:wrong usage"
        },
        footer = {"", "Examples:", "  weir password", "  weir password < password.txt > password.hash"})
final class PasswordCommand implements Callable<Integer> {
    private static final int LONGEST_LINE = 1024;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Terminal terminal = new Terminal(spec.commandLine().getOut());
        byte[] password = read();
        try {
            terminal.line(PasswordHash.make(password));
            return 0;
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        } finally {
            Arrays.fill(password, (byte) 0);
        }
    }

    private static byte[] read() throws IOException {
        Console console = System.console();
        if (console == null || !console.isTerminal()) {
            byte[] line = System.in.readNBytes(LONGEST_LINE);
            int end = 0;
            while (end < line.length && line[end] != '\n' && line[end] != '\r') {
                end++;
            }
            return Arrays.copyOf(line, end);
        }
        char[] first = ask(console, "password: ");
        char[] second = ask(console, "once more: ");
        if (!Arrays.equals(first, second)) {
            throw new IOException("the two passwords differ");
        }
        var bytes = StandardCharsets.UTF_8.encode(CharBuffer.wrap(first));
        byte[] password = new byte[bytes.remaining()];
        bytes.get(password);
        return password;
    }

    private static char[] ask(Console console, String prompt) throws IOException {
        char[] typed = console.readPassword(prompt);
        if (typed == null) {
            throw new IOException("there is no password");
        }
        return typed;
    }
}
