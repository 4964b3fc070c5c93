package dev.weir.engine.stage;

import dev.weir.engine.FieldType;
import dev.weir.engine.Reading;
import dev.weir.engine.Schema;
import dev.weir.engine.expression.Expression;
import dev.weir.engine.expression.Scalar;
import dev.weir.engine.expression.Scope;
import dev.weir.engine.expression.Type;
import dev.weir.engine.expression.Variable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What names mean in the expressions over a stream: the fields of its [Schema], and `device`
/// (string), `time` and `received` (timestamps), which every reading has.
///
/// A declared field has its type; variables of the topic are declared as strings by whoever makes
/// the schema. Any other name is taken for a field that devices will send: it gets a slot now and
/// is dynamic. The built-in names win over fields of the same name.
public final class StreamScope implements Scope {
    private static final Set<String> BUILT_IN = Set.of("device", "time", "received");

    private final Schema schema;
    private final boolean open;

    /// Of a stream whose readings may have fields that the config does not name: they are declared
    /// as they are found in expressions.
    public StreamScope(Schema schema) {
        this(schema, true);
    }

    private StreamScope(Schema schema, boolean open) {
        this.schema = schema;
        this.open = open;
    }

    /// Of the results of a window, which have no other fields than it emits.
    public static StreamScope ofWindow(Schema results) {
        return new StreamScope(results, false);
    }

    /// The fields of the stream.
    public Schema schema() {
        return schema;
    }

    /// Why a declared field or a variable of a topic cannot have that name, if it cannot.
    public static Optional<String> objection(String name) {
        if (BUILT_IN.contains(name)) {
            return Optional.of("'" + name + "' is what every reading has already; choose another name");
        }
        if (Expression.isReserved(name)) {
            return Optional.of("'" + name + "' is a word of the expression language; choose another name");
        }
        return Optional.empty();
    }

    @Override
    public @Nullable Variable find(String name) {
        return switch (name) {
            case "device" -> new Variable(name, Scalar.STRING, Reading.DEVICE);
            case "time" -> new Variable(name, Scalar.TIMESTAMP, Reading.TIME);
            case "received" -> new Variable(name, Scalar.TIMESTAMP, Reading.RECEIVED);
            default -> field(name);
        };
    }

    private @Nullable Variable field(String name) {
        int slot = open ? schema.slotFor(name) : schema.slot(name);
        if (slot == Schema.NONE) {
            return null;
        }
        return new Variable(name, type(schema.fields().get(slot).type()), slot);
    }

    private static Type type(@Nullable FieldType type) {
        return switch (type) {
            case null -> Scalar.DYN;
            case DOUBLE -> Scalar.DOUBLE;
            case LONG -> Scalar.INT;
            case BOOLEAN -> Scalar.BOOL;
            case STRING -> Scalar.STRING;
        };
    }

    /// What a field holds that gets its values from an expression of that type; null when that
    /// shows only at run time, or the type does not fit a field ([#fits]).
    static @Nullable FieldType fieldType(Type type) {
        if (type == Scalar.DOUBLE) {
            return FieldType.DOUBLE;
        }
        if (type == Scalar.INT) {
            return FieldType.LONG;
        }
        if (type == Scalar.BOOL) {
            return FieldType.BOOLEAN;
        }
        return type == Scalar.STRING ? FieldType.STRING : null;
    }

    /// Whether values of the type can lie in a field.
    static boolean fits(Type type) {
        return type == Scalar.DYN || fieldType(type) != null;
    }

    @Override
    public Collection<String> names() {
        List<String> names = new ArrayList<>(BUILT_IN);
        schema.fields().forEach(field -> names.add(field.name()));
        return names;
    }
}
