package dev.weir.engine.flow;

import dev.weir.engine.stage.Stage;
import java.time.Duration;
import java.util.Optional;

/// A stage and how it is run.
///
/// @param name its tag, for logs and dead letters: `dedupe`
/// @param stage what it does
/// @param own its own workers and queue, if it does not share those of the stage before it
/// @param timeout how long a call may take; empty without a limit
public record StagePlan(String name, Stage stage, Optional<Workforce> own, Optional<Duration> timeout) {
    /// A stage in the workers of the stage before it.
    public static StagePlan of(String name, Stage stage) {
        return new StagePlan(name, stage, Optional.empty(), Optional.empty());
    }
}
