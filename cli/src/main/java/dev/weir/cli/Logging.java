package dev.weir.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sets up logging in code: a configuration file would be looked for at every start, and the
/// format is an option of the node's own config. Everything goes to standard error, one line an
/// event.
final class Logging {
    private Logging() {}

    /// Warnings and errors only, as key=value lines: for commands that talk to a person.
    static void quiet() {
        use(Level.WARN, LogLayout.Format.KEY_VALUE);
    }

    /// As a running node logs.
    ///
    /// @param level `error`, `warn`, `info`, `debug` or `trace`
    /// @param json whether each line is a JSON object
    static void node(String level, boolean json) {
        use(Level.toLevel(level, Level.INFO), json ? LogLayout.Format.JSON : LogLayout.Format.KEY_VALUE);
    }

    private static void use(Level level, LogLayout.Format format) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        LogLayout layout = new LogLayout(format);
        layout.setContext(context);
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setLayout(layout);
        encoder.start();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setTarget("System.err");
        console.setEncoder(encoder);
        console.start();
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.addAppender(console);
        root.setLevel(level);
        // Libraries speak up only when something is wrong.
        for (String library : new String[] {"org.eclipse", "io.micrometer", "org.sqlite"}) {
            context.getLogger(library).setLevel(Level.WARN);
        }
    }
}
