package dev.weir.engine.expression;

import dev.weir.engine.expression.EvaluationException.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The macros over lists and maps. Each visited element is a step of the evaluation's budget.
final class Loop extends Node {
    /// What a macro makes of its elements.
    enum Macro {
        ALL,
        EXISTS,
        EXISTS_ONE,
        LIST,
        FILTER,
        MAP
    }

    private final Macro macro;
    private final Node range;
    private final int[] locals;
    private final @Nullable Node condition;
    private final @Nullable Node result;

    Loop(
            Macro macro,
            Node range,
            int[] locals,
            @Nullable Node condition,
            @Nullable Node result,
            Type type,
            int offset) {
        super(type, offset);
        this.macro = macro;
        this.range = range;
        this.locals = locals;
        this.condition = condition;
        this.result = result;
    }

    @Override
    Object value(Bindings bindings) {
        Frame frame = (Frame) bindings;
        Object elements = range.value(bindings);
        return switch (macro) {
            case ALL -> !any(frame, elements, false);
            case EXISTS -> any(frame, elements, true);
            case EXISTS_ONE -> one(frame, elements);
            case LIST, FILTER -> list(frame, elements);
            case MAP -> map(frame, elements);
        };
    }

    private Collection<?> elements(Object container) {
        return switch (container) {
            case List<?> list -> list;
            case Map<?, ?> map -> map.keySet();
            default -> throw Values.noOverload("macro", container).at(range.offset);
        };
    }

    /// Sets the variables to an element: the element or key alone, or index and element, or key
    /// and value.
    private void bind(Frame frame, Object container, Object element, int index) {
        frame.step(offset);
        if (locals.length == 1) {
            frame.set(locals[0], element);
            return;
        }
        boolean isMap = container instanceof Map<?, ?>;
        frame.set(locals[0], isMap ? element : (Object) (long) index);
        frame.set(locals[1], isMap ? Values.index(container, element) : element);
    }

    private boolean holds(Frame frame) {
        return condition == null || condition.flag(frame);
    }

    /// Whether the condition is `wanted` for any element; as with `||`, an element that decides
    /// wins over one that fails.
    private boolean any(Frame frame, Object container, boolean wanted) {
        EvaluationException failure = null;
        int index = 0;
        for (Object element : elements(container)) {
            bind(frame, container, element, index++);
            try {
                if (holds(frame) == wanted) {
                    return true;
                }
            } catch (EvaluationException e) {
                if (e.reason() == Reason.LIMIT) {
                    throw e;
                }
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
        return false;
    }

    private boolean one(Frame frame, Object container) {
        int found = 0;
        int index = 0;
        for (Object element : elements(container)) {
            bind(frame, container, element, index++);
            if (holds(frame)) {
                found++;
            }
        }
        return found == 1;
    }

    private Object list(Frame frame, Object container) {
        List<Object> list = new ArrayList<>();
        int index = 0;
        for (Object element : elements(container)) {
            bind(frame, container, element, index++);
            if (holds(frame)) {
                Object made = result == null ? element : result.value(frame);
                frame.keep(made, offset);
                list.add(made);
            }
        }
        return Collections.unmodifiableList(list);
    }

    private Object map(Frame frame, Object container) {
        Map<Object, Object> map = new LinkedHashMap<>();
        int index = 0;
        for (Object element : elements(container)) {
            bind(frame, container, element, index);
            Object key = container instanceof Map<?, ?> ? element : (Object) (long) index;
            index++;
            if (holds(frame)) {
                Object made = Objects.requireNonNull(result).value(frame);
                frame.keep(made, offset);
                map.put(key, made);
            }
        }
        return Collections.unmodifiableMap(map);
    }
}
