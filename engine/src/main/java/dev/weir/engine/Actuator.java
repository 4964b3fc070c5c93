package dev.weir.engine;

import java.io.IOException;
import java.time.Duration;

/// Carries commands out. The engine gives each actuator a bounded queue and one thread, and never
/// hands it a command that
/// has expired.
public interface Actuator extends AutoCloseable {
    /// Carries out one command and returns when the other side has it.
    ///
    /// @throws IOException if that did not work; the engine counts it and does not try again,
    ///     since a command is carried
    ///     out at most once
    void execute(Command command) throws IOException, InterruptedException;

    /// How long one command may take at most. One that takes longer is taken to hang: it is
    /// interrupted, and has failed.
    default Duration patience() {
        return Duration.ofMinutes(1);
    }

    /// Gives up its connections. Does nothing the second time.
    @Override
    default void close() {}
}
