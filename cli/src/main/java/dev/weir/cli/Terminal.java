package dev.weir.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Help.Ansi;

/// Prints lines for a person: colours only where standard output is a terminal (and `NO_COLOR` is
/// not set). Thread-safe.
final class Terminal {
    private final PrintWriter out;
    private final Ansi ansi = Ansi.AUTO;

    Terminal(PrintWriter out) {
        this.out = out;
    }

    void line(String text) {
        synchronized (out) {
            out.println(text);
            out.flush();
        }
    }

    /// Whether nobody reads any more, as after `weir tail | head`.
    boolean isGone() {
        return out.checkError() || System.out.checkError();
    }

    void good(String text) {
        line(paint("green", text));
    }

    void bad(String text) {
        line(paint("red", text));
    }

    void quiet(String text) {
        line(paint("faint", text));
    }

    void important(String text) {
        line(paint("bold", text));
    }

    private String paint(String style, String text) {
        // picocli's markup would read "@|" and "|@" inside of the text itself, which may come from a device.
        return ansi.enabled() ? ansi.string("@|" + style + " \u0000|@").replace("\u0000", text) : text;
    }

    /// A text from a device without what could steer a terminal.
    static String safe(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(c -> safe.appendCodePoint(Character.isISOControl(c) ? '\uFFFD' : c));
        return safe.toString();
    }
}
