package dev.weir.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/// A terminal that remembers.
final class Captured {
    private final StringWriter text = new StringWriter();
    private final PrintWriter writer = new PrintWriter(text, true);

    Terminal terminal() {
        return new Terminal(writer);
    }

    PrintWriter writer() {
        return writer;
    }

    String text() {
        return text.toString();
    }
}
