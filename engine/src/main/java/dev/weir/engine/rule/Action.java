package dev.weir.engine.rule;

import dev.weir.engine.Command;
import dev.weir.engine.Connector.ActionType;
import dev.weir.engine.Reading;
import dev.weir.engine.ReadingJson;
import dev.weir.engine.Template;
import dev.weir.engine.config.Section;
import dev.weir.runtime.Lane;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What a rule does when it is raised (`do:`) or cleared (`otherwise:`).
public sealed interface Action {
    /// Sends a command.
    ///
    /// @param id the action's place in the rule: `do.0`, `otherwise.1`
    /// @param type whose actuator carries it out
    /// @param options what the config says, for the actuator's factory
    /// @param address where to
    /// @param payload what to send; the reading as JSON when empty
    /// @param expires how long after the node received the reading it may be carried out
    record Send(
            String id, ActionType type, Section options, Template address, Optional<Template> payload, Duration expires)
            implements Action {
        /// The command for a reading.
        ///
        /// Its id depends on device, event time, rule and action alone. It expires by the time
        /// when the node received the reading, not by event time: what an actuator does about an
        /// hour-old backlog is decided by rules, what it does after hanging for an hour is not.
        ///
        /// @throws Template.Unfit if the reading cannot fill a template
        Command command(String rule, Lane lane, Reading reading) {
            String to = address.render(reading);
            String what = payload.isPresent() ? payload.get().render(reading) : ReadingJson.text(reading);
            Instant received = reading.receivedInstant();
            String identity = Identity.of(reading.device(), Long.toString(reading.time()), rule, id);
            return new Command(
                    identity, rule, reading.device(), to, what, received.plus(expires), lane, reading.trace());
        }
    }

    /// Raises an alarm, which is cleared with the rule.
    ///
    /// @param id the action's place in the rule
    /// @param severity how bad it is
    /// @param text what it says
    record Raise(String id, Severity severity, Template text) implements Action {}
}
