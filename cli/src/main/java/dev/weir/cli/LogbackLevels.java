package dev.weir.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import dev.weir.node.debug.LogLevels;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.LoggerFactory;

/// The levels of Logback's loggers.
final class LogbackLevels implements LogLevels {
    /// A logger that has been named stays in memory.
    private static final int MOST = 100;

    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();

    @Override
    public synchronized Map<String, String> levels() {
        Map<String, String> levels = new TreeMap<>();
        for (Logger logger : context.getLoggerList()) {
            if (logger.getLevel() != null) {
                levels.put(
                        outside(logger.getName()), logger.getLevel().toString().toLowerCase(Locale.ROOT));
            }
        }
        return levels;
    }

    @Override
    public synchronized boolean set(String logger, String level) {
        Map<String, String> levels = levels();
        if (levels.size() >= MOST && !levels.containsKey(logger)) {
            return false;
        }
        context.getLogger(logger.equals("root") ? org.slf4j.Logger.ROOT_LOGGER_NAME : logger)
                .setLevel(Level.valueOf(level));
        return true;
    }

    private static String outside(String name) {
        return name.equals(org.slf4j.Logger.ROOT_LOGGER_NAME) ? "root" : name;
    }
}
