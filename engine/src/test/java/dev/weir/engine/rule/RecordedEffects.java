package dev.weir.engine.rule;

import dev.weir.engine.Command;
import dev.weir.engine.Reading;
import java.util.ArrayList;
import java.util.List;

/// Keeps what rules cause.
final class RecordedEffects implements Effects {
    final List<Command> commands = new ArrayList<>();
    final List<AlarmEvent> alarms = new ArrayList<>();
    final List<String> failures = new ArrayList<>();

    @Override
    public void command(Command command, Action.Send action) {
        commands.add(command);
    }

    @Override
    public void alarm(AlarmEvent event) {
        alarms.add(event);
    }

    @Override
    public void failed(Rule rule, Reading reading, String part, String message) {
        failures.add(rule.name() + " " + part + ": " + message);
    }

    List<String> kinds() {
        return alarms.stream().map(event -> event.getClass().getSimpleName()).toList();
    }
}
