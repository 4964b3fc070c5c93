package dev.weir.engine.expression;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What names mean while an expression is compiled.
///
/// A dotted name (`motor.speed`) is asked for as a whole first, then by its beginnings (`motor`,
/// whose field `speed` is then selected), as CEL does. A scope may make a slot for a name that it
/// has not seen; it then never answers null, and best makes none for a dotted name whose beginning
/// it knows.
@FunctionalInterface
public interface Scope {
    /// The variable of that name, null when there is none.
    @Nullable
    Variable find(String name);

    /// The names to suggest when a name is not found; none by default.
    default Collection<String> names() {
        return List.of();
    }

    /// A scope of exactly these variables.
    static Scope of(Variable... variables) {
        Map<String, Variable> byName = new LinkedHashMap<>();
        for (Variable variable : variables) {
            byName.put(variable.name(), variable);
        }
        return new Scope() {
            @Override
            public @Nullable Variable find(String name) {
                return byName.get(name);
            }

            @Override
            public Collection<String> names() {
                return byName.keySet();
            }
        };
    }
}
