package dev.weir.engine.rule;

import dev.weir.engine.Command;
import dev.weir.engine.Reading;

/// Where the consequences of rules go. Called on the thread that evaluates the rule, in the order
/// of the device's readings; may block.
public interface Effects {
    /// Has a command carried out.
    ///
    /// @param action the action that made it, which knows its actuator's type and options
    void command(Command command, Action.Send action);

    /// Takes a change of an alarm.
    void alarm(AlarmEvent event);

    /// Is told of a condition or an action that did not work for a reading. The rule has counted
    /// it.
    ///
    /// @param part what did not work: `when`, `until`, `track`, or an action (`do.0`)
    /// @param message why, for people
    void failed(Rule rule, Reading reading, String part, String message);
}
