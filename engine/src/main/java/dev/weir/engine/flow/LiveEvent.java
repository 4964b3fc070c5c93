package dev.weir.engine.flow;

import dev.weir.engine.Command;
import dev.weir.engine.Reading;
import dev.weir.engine.rule.AlarmEvent;

/// Something that happened, for whoever watches.
public sealed interface LiveEvent {
    /// A reading passed the last stage of its pipeline, or a window gave a result.
    record Passed(Reading reading) implements LiveEvent {}

    /// An alarm changed.
    record Alarmed(AlarmEvent event) implements LiveEvent {}

    /// A command was carried out, or was not.
    ///
    /// @param command the command
    /// @param outcome what became of it
    /// @param detail why, where it was not carried out; else empty
    record Commanded(Command command, CommandOutcome outcome, String detail) implements LiveEvent {}
}
