package dev.weir.engine.stage;

import dev.weir.engine.FieldType;
import dev.weir.engine.Reading;
import dev.weir.engine.Schema;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Section.Located;
import dev.weir.engine.expression.Aggregation;
import dev.weir.engine.expression.Expression;
import dev.weir.engine.expression.ExpressionException;
import dev.weir.engine.expression.Variable;
import dev.weir.engine.stage.Window.Input;
import dev.weir.engine.stage.Window.Output;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes the stage `window` of what the configuration says, and the schema of its results.
final class Windows {
    private final StreamScope scope;
    private final Problems problems;
    private final Schema results;
    private final List<Input> inputs = new ArrayList<>();
    private final List<Output> outputs = new ArrayList<>();
    private boolean sound = true;

    private Windows(StreamScope scope, String stream, Problems problems) {
        this.scope = scope;
        this.problems = problems;
        this.results = new Schema(stream);
    }

    static Optional<Stage> compile(Section section, StreamScope scope, Duration lateness, Problems problems) {
        // Of an incomplete section as much is looked at as is there, to find all mistakes at once.
        Windows windows = new Windows(scope, section.has("as") ? section.text("as") : "window", problems);
        windows.sound = section.complete();
        List<Located<String>> names = section.texts("by");
        KeyBy by = KeyBy.compile(names, scope, problems);
        windows.sound &= by.parts().size() == names.size();
        windows.keys(by, names);
        Map<String, Located<String>> emit = section.map("emit");
        if (emit.isEmpty() && windows.sound) {
            windows.mistake(new Located<>(section.at("emit"), ""), "name at least one result: `n: count()`");
        }
        emit.forEach(windows::formula);
        if (!windows.sound) {
            return Optional.empty();
        }
        Duration patience = section.has("lateness") ? section.duration("lateness") : lateness;
        List<Aggregate> aggregates =
                windows.inputs.stream().map(Input::aggregate).toList();
        Window.Frame frame =
                new Window.Frame(section.duration("tumbling").toNanos(), patience.toNanos(), by.isDevice(), aggregates);
        return Optional.of(
                new Window(by, frame, windows.inputs, windows.outputs, windows.results, section.integer("keys")));
    }

    /// Fields of the key are fields of the result, too; device and time are in every reading.
    private void keys(KeyBy by, List<Located<String>> names) {
        for (int part = 0; part < by.parts().size(); part++) {
            Variable variable = by.parts().get(part);
            if (variable.slot() == Reading.TIME || variable.slot() == Reading.RECEIVED) {
                mistake(names.get(part), "a window is by `device`, by fields, or by `[]`; its time is its start");
            } else if (variable.slot() != Reading.DEVICE || by.parts().size() > 1) {
                boolean device = variable.slot() == Reading.DEVICE;
                FieldType type = device
                        ? FieldType.STRING
                        : scope.schema().fields().get(variable.slot()).type();
                // The column of a key's device has a name of its own: `device` holds the whole key.
                String name = device ? "by_device" : variable.name();
                outputs.add(new Output.OfKey(results.declare(new Schema.Field(name, type, null)), part));
            }
        }
    }

    /// The slots of the formula's aggregates begin at the number of inputs there are so far.
    private void formula(String name, Located<String> source) {
        Optional<String> objection = StreamScope.objection(name);
        if (objection.isPresent() || results.slot(name) != Schema.NONE) {
            mistake(source, objection.orElse("'" + name + "' is the name of a key of this window already"));
            return;
        }
        if (results.size() >= Schema.MAX_FIELDS) {
            mistake(source, "a stream has at most " + Schema.MAX_FIELDS + " fields");
            return;
        }
        try {
            Aggregation aggregation = Aggregation.compile(source.value(), scope, Aggregate.functions());
            Expression formula = aggregation.formula();
            if (!StreamScope.fits(formula.type())) {
                mistake(source, "a field holds a double, int, bool or string, but this is " + formula.type());
                return;
            }
            int slot =
                    results.declare(new Schema.Field(name, StreamScope.fieldType(formula.type()), unit(aggregation)));
            outputs.add(new Output.OfFormula(slot, inputs.size(), formula));
            aggregation.calls().forEach(this::input);
        } catch (ExpressionException e) {
            sound = false;
            Formulas.report(source, e, problems);
        }
    }

    private void input(Aggregation.Call call) {
        inputs.add(new Input(
                Aggregate.of(call.function()),
                call.arguments().isEmpty() ? null : call.arguments().getFirst()));
    }

    /// A mean of degrees is in degrees: the unit of the field behind a bare `mean(field)`.
    private @Nullable String unit(Aggregation aggregation) {
        if (aggregation.calls().size() != 1) {
            return null;
        }
        Aggregation.Call call = aggregation.calls().getFirst();
        String source = aggregation.formula().source();
        if (call.arguments().size() != 1 || !source.startsWith(call.function().name() + "(")) {
            return null;
        }
        List<Variable> read = call.arguments().getFirst().variables();
        boolean bare = read.size() == 1
                && source.replaceAll("\\s", "")
                        .equals(call.function().name() + "(" + read.getFirst().name() + ")");
        int slot = bare ? read.getFirst().slot() : Reading.DEVICE;
        return slot < Reading.DEVICE ? scope.schema().fields().get(slot).unit() : null;
    }

    private void mistake(Located<?> place, String message) {
        sound = false;
        problems.error(place.location(), message);
    }
}
