package dev.weir.engine.expression;

import dev.weir.engine.expression.EvaluationException.Reason;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Lists and maps: making them and looking into them.
final class Container {
    private Container() {}

    /// `[a, b]`
    static final class NewList extends Node {
        private final Node[] elements;

        NewList(Node[] elements, Type type, int offset) {
            super(type, offset);
            this.elements = elements;
        }

        @Override
        Object value(Bindings bindings) {
            List<Object> list = new ArrayList<>(elements.length);
            for (Node element : elements) {
                list.add(element.value(bindings));
            }
            return Collections.unmodifiableList(list);
        }
    }

    /// `{k: v}`
    static final class NewMap extends Node {
        private final Node[] keys;
        private final Node[] values;

        NewMap(Node[] keys, Node[] values, Type type, int offset) {
            super(type, offset);
            this.keys = keys;
            this.values = values;
        }

        @Override
        Object value(Bindings bindings) {
            Map<Object, Object> map = LinkedHashMap.newLinkedHashMap(keys.length);
            for (int i = 0; i < keys.length; i++) {
                Object key = keys[i].value(bindings);
                Object value = values[i].value(bindings);
                if (!(key instanceof String
                        || key instanceof Long
                        || key instanceof Unsigned
                        || key instanceof Boolean)) {
                    throw new EvaluationException(
                            Reason.NO_SUCH_OVERLOAD,
                            keys[i].offset,
                            "a key is a string, int, uint or bool, but was " + Values.typeName(Type.of(key)));
                }
                if (Values.find(map, key) != null) {
                    throw new EvaluationException(
                            Reason.INVALID, keys[i].offset, "the key " + Text.shown(key) + " stands in the map twice");
                }
                map.put(key, value);
            }
            return Collections.unmodifiableMap(map);
        }
    }

    /// `operand[index]` and `operand.name`
    static final class At extends Node {
        private final Node operand;
        private final Node index;

        At(Node operand, Node index, Type type, int offset) {
            super(type, offset);
            this.operand = operand;
            this.index = index;
        }

        @Override
        Object value(Bindings bindings) {
            Object container = operand.value(bindings);
            Object key = index.value(bindings);
            try {
                return Values.index(container, key);
            } catch (EvaluationException e) {
                throw e.at(offset);
            }
        }
    }

    /// `has(operand.name)`
    static final class Has extends Node.Flag {
        private final Node operand;
        private final String name;

        Has(Node operand, String name, int offset) {
            super(offset);
            this.operand = operand;
            this.name = name;
        }

        @Override
        boolean flag(Bindings bindings) {
            Object container = operand.value(bindings);
            if (container instanceof Map<?, ?> map) {
                return map.containsKey(name);
            }
            throw Values.noOverload("has", container).at(offset);
        }
    }

    /// `element in container`
    static final class In extends Node.Flag {
        private final Node element;
        private final Node container;

        In(Node element, Node container, int offset) {
            super(offset);
            this.element = element;
            this.container = container;
        }

        @Override
        boolean flag(Bindings bindings) {
            Object a = element.value(bindings);
            Object b = container.value(bindings);
            try {
                return Values.contains(a, b);
            } catch (EvaluationException e) {
                throw e.at(offset);
            }
        }
    }
}
