package dev.weir.engine.rule;

import dev.weir.engine.Connector.ActionType;
import dev.weir.engine.Reading;
import dev.weir.engine.Span;
import dev.weir.engine.Template;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.expression.EvaluationException;
import dev.weir.engine.expression.EvaluationException.Reason;
import dev.weir.engine.expression.Expression;
import dev.weir.engine.rule.Memory.Change;
import dev.weir.engine.rule.Memory.Phase;
import dev.weir.engine.stage.Formulas;
import dev.weir.engine.stage.KeyedState;
import dev.weir.engine.stage.StreamScope;
import dev.weir.runtime.Lane;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A condition with memory, by device. Thread-safe; the readings of one device must come from one
/// thread at a time, and are taken in the order in which they come.
///
/// **Raised** by the first reading for which `when` has held, reading after reading, for at least
/// `for` of event time, if at least `cooldown` has passed since the device was last cleared.
/// **Cleared** by the first reading after that for which `until` holds; without `until`, for which
/// `when` does not. One reading never does both. Between the two the rule counts readings and
/// keeps the peak of what it tracks, both from the reading that raised it.
///
/// A reading without a field that the condition in force needs says nothing: it changes nothing
/// and is counted (`skipped`). A condition that fails otherwise changes nothing either; it is
/// counted (`failed`) and told ([Effects#failed]).
public final class Rule {
    private final Definition definition;
    private final KeyedState<String, Memory, AlarmEvent> devices;
    private final LongAdder raised = new LongAdder();
    private final LongAdder cleared = new LongAdder();
    private final LongAdder skipped = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder unfit = new LongAdder();

    /// What the config says, compiled.
    record Definition(
            String name,
            String stream,
            Expression when,
            @Nullable Expression until,
            Memory.Timing timing,
            Lane lane,
            List<Action> actions,
            List<Action> otherwise,
            int keys) {
        Definition {
            actions = List.copyOf(actions);
            otherwise = List.copyOf(otherwise);
        }
    }

    Rule(Definition definition) {
        this.definition = definition;
        this.devices = new KeyedState<>(definition.keys, device -> new Memory(definition.timing));
    }

    /// Makes a rule from a section that was checked against [RuleShape].
    ///
    /// @param name the rule's name
    /// @param scope the fields of the stream that `on:` names
    /// @param types the actions that connectors bring, by name
    /// @param problems gets every mistake with its place
    /// @return the rule; empty when there are mistakes
    public static Optional<Rule> compile(
            String name, Section section, StreamScope scope, Map<String, ActionType> types, Problems problems) {
        return new RuleCompiler(name, scope, types, problems).compile(section);
    }

    public String name() {
        return definition.name;
    }

    /// The stream whose readings it wants.
    public String stream() {
        return definition.stream;
    }

    /// The priority of its commands and alarms.
    public Lane lane() {
        return definition.lane;
    }

    /// The actions that need an actuator, in the order of the file: `do:`, then `otherwise:`.
    public List<Action.Send> sends() {
        return java.util.stream.Stream.concat(definition.actions.stream(), definition.otherwise.stream())
                .filter(Action.Send.class::isInstance)
                .map(Action.Send.class::cast)
                .toList();
    }

    /// Looks at a reading and does what follows. Blocks only if `effects` does.
    public void evaluate(Reading reading, Effects effects) {
        Span trace = reading.trace();
        if (trace == null) {
            judge(reading, effects);
            return;
        }
        // So that a command knows which rule it comes from.
        Span span = trace.part("rule " + definition.name).with("weir.rule", definition.name);
        reading.trace(span);
        try {
            judge(reading, effects);
        } catch (Throwable e) {
            span.failed(e.toString());
            throw e;
        } finally {
            reading.trace(trace);
            span.end();
        }
    }

    private void judge(Reading reading, Effects effects) {
        Phase phase = devices.look(reading.device(), Phase.CLEAR, Memory::phase);
        Optional<Boolean> condition = phase == Phase.CLEAR ? holds(reading, effects) : clears(reading, effects);
        if (condition.isEmpty()) {
            return;
        }
        boolean holds = condition.get();
        if (!holds && devices.look(reading.device(), true, memory -> false)) {
            return;
        }
        double tracked = phase == Phase.CLEAR && !holds ? Double.NaN : tracked(reading, effects);
        Step step = devices.update(
                reading.device(),
                (memory, out) -> {
                    if (memory.phase() != phase) {
                        return Step.FORGOTTEN;
                    }
                    Change change = phase == Phase.CLEAR
                            ? memory.whileClear(holds, reading.time(), tracked)
                            : memory.whileRaised(holds, reading.time(), tracked);
                    return new Step(change, memory.alarm());
                },
                effects::alarm);
        follow(step.change, reading, step.alarm, effects);
    }

    /// What a reading changed, and the alarm as it was left.
    private record Step(Change change, @Nullable Alarm alarm) {
        /// The device was evicted since its phase was looked at.
        static final Step FORGOTTEN = new Step(Change.NONE, null);
    }

    private void follow(Change change, Reading reading, @Nullable Alarm alarm, Effects effects) {
        Span trace = reading.trace();
        if (trace != null) {
            trace.with("weir.change", change.name().toLowerCase(Locale.ROOT));
        }
        switch (change) {
            case NONE -> {}
            case RAISED -> {
                raised.increment();
                raise(reading, effects);
                send(definition.actions, reading, effects);
            }
            case PEAKED -> {
                if (alarm != null) {
                    effects.alarm(new AlarmEvent.Peaked(alarm));
                }
            }
            case CLEARED -> {
                cleared.increment();
                if (alarm != null) {
                    effects.alarm(new AlarmEvent.Cleared(alarm.cleared(reading.instant())));
                }
                send(definition.otherwise, reading, effects);
            }
        }
    }

    private Optional<Boolean> holds(Reading reading, Effects effects) {
        return attempt("when", reading, effects, () -> definition.when.test(reading));
    }

    private Optional<Boolean> clears(Reading reading, Effects effects) {
        Expression until = definition.until;
        return until == null
                ? holds(reading, effects).map(holds -> !holds)
                : attempt("until", reading, effects, () -> until.test(reading));
    }

    private double tracked(Reading reading, Effects effects) {
        Tracking tracking = definition.timing.tracking();
        if (tracking == null) {
            return Double.NaN;
        }
        return attempt("track", reading, effects, () -> tracking.of(reading)).orElse(Double.NaN);
    }

    private <T> Optional<T> attempt(String part, Reading reading, Effects effects, Supplier<T> evaluation) {
        try {
            return Optional.of(evaluation.get());
        } catch (EvaluationException e) {
            if (e.reason() == Reason.NO_SUCH_FIELD) {
                skipped.increment();
            } else {
                failed.increment();
                effects.failed(this, reading, part, Formulas.word(e) + ": " + e.getMessage());
            }
            return Optional.empty();
        }
    }

    private void raise(Reading reading, Effects effects) {
        for (Action action : definition.actions) {
            if (action instanceof Action.Raise raise) {
                Alarm alarm = alarm(raise, reading, effects);
                Alarm current = devices.update(reading.device(), (memory, out) -> memory.attach(alarm), effects::alarm);
                effects.alarm(new AlarmEvent.Raised(current));
            }
        }
    }

    /// An alarm whose text cannot be filled is raised all the same, with the text as it stands in
    /// the file.
    private Alarm alarm(Action.Raise raise, Reading reading, Effects effects) {
        String text;
        try {
            text = raise.text().render(reading);
        } catch (Template.Unfit e) {
            unfit.increment();
            effects.failed(this, reading, raise.id(), String.valueOf(e.getMessage()));
            text = raise.text().toString();
        }
        return new Alarm(
                Identity.of(reading.device(), Long.toString(reading.time()), definition.name, raise.id()),
                definition.name,
                reading.device(),
                reading.stream(),
                raise.severity(),
                text,
                definition.lane,
                reading.instant(),
                null,
                null,
                null,
                null,
                1);
    }

    private void send(List<Action> actions, Reading reading, Effects effects) {
        for (Action action : actions) {
            if (action instanceof Action.Send send) {
                try {
                    effects.command(send.command(definition.name, definition.lane, reading), send);
                } catch (Template.Unfit e) {
                    unfit.increment();
                    effects.failed(this, reading, send.id(), String.valueOf(e.getMessage()));
                }
            }
        }
    }

    /// Tells the rule, before its first reading, of an alarm of its own that was active when the
    /// node stopped: it is raised for that device, and does not act again until it was cleared.
    /// Alarms of other rules are ignored.
    public void restore(Alarm alarm) {
        if (alarm.rule().equals(definition.name) && alarm.isActive()) {
            devices.update(alarm.device(), (memory, out) -> memory.restore(alarm), lost -> {});
        }
    }

    /// How many bytes its memory of devices can take at worst.
    public long worstCaseBytes() {
        return definition.keys * (Memory.BYTES + KeyedState.KEY_BYTES);
    }

    /// What it has counted since it was made: `raised` and `cleared`; `skipped` readings without a
    /// field; `failed` conditions; `unfit` readings that could not fill a template; `evicted`
    /// devices forgotten for want of room.
    public Map<String, Long> counts() {
        return Map.of(
                "raised", raised.sum(),
                "cleared", cleared.sum(),
                "skipped", skipped.sum(),
                "failed", failed.sum(),
                "unfit", unfit.sum(),
                "evicted", devices.evicted());
    }
}
