package dev.weir.node;

import dev.weir.engine.Actuator;
import dev.weir.engine.Command;
import dev.weir.engine.Reading;
import dev.weir.engine.flow.Commands;
import dev.weir.engine.rule.Action;
import dev.weir.engine.rule.AlarmEvent;
import dev.weir.engine.rule.Alarms;
import dev.weir.engine.rule.Effects;
import dev.weir.engine.rule.Rule;
import java.util.IdentityHashMap;
import java.util.Objects;

/// What follows from a rule of this node.
///
/// @param actuators by the action itself: two actions may say the same
record RuleEffects(IdentityHashMap<Action.Send, Actuator> actuators, Commands commands, Alarms alarms, RuleLog log)
        implements Effects {
    @Override
    public void command(Command command, Action.Send action) {
        commands.issue(command, Objects.requireNonNull(actuators.get(action)));
    }

    @Override
    public void alarm(AlarmEvent event) {
        alarms.accept(event);
    }

    @Override
    public void failed(Rule rule, Reading reading, String part, String message) {
        log.failed(rule, reading, part, message);
    }
}
