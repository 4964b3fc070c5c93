package dev.weir.node.debug;

import java.util.Map;

/// How much is logged, which can be changed while the node runs. Given by the program that sets up
/// logging. Thread-safe.
public interface LogLevels {
    /// For a program that does not let it be changed.
    LogLevels FIXED = new LogLevels() {
        @Override
        public Map<String, String> levels() {
            return Map.of();
        }

        @Override
        public boolean set(String logger, String level) {
            return false;
        }
    };

    /// The loggers that have a level of their own and their levels: `error`, `warn`, `info`,
    /// `debug` or `trace`. The one for all others is called `root`.
    Map<String, String> levels();

    /// Sets the level of a logger and of those below it, until the process ends.
    ///
    /// @param logger `root` for all that have no level of their own
    /// @param level one of those of [#levels()]
    /// @return false if there are as many loggers with a level of their own as there may be, or
    ///     this program does not let levels be changed
    boolean set(String logger, String level);
}
