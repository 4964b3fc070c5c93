package dev.weir.connect.mqtt;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The properties of one MQTT 5 packet. Immutable; packets of 3.1.1 have [#NONE].
public final class Properties {
    /// No properties at all.
    public static final Properties NONE = new Properties(new EnumMap<>(Property.class));

    private final Map<Property, Object> values;

    /// A user property.
    ///
    /// @param name any text; names may repeat
    /// @param value any text
    public record Pair(String name, String value) {}

    private Properties(Map<Property, Object> values) {
        this.values = values;
    }

    /// Begins a new set.
    static Builder builder() {
        return new Builder();
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    boolean has(Property property) {
        return values.containsKey(property);
    }

    /// A number, or `fallback` when the packet does not carry it.
    long number(Property property, long fallback) {
        Object value = values.get(property);
        return value instanceof Long number ? number : fallback;
    }

    @Nullable
    String text(Property property) {
        Object value = values.get(property);
        return value instanceof String text ? text : null;
    }

    /// The user properties in their order.
    List<Pair> pairs() {
        return list(Property.USER_PROPERTY, Pair.class);
    }

    /// The identifiers of the subscriptions that a PUBLISH to a client matched.
    List<Long> subscriptionIds() {
        return list(Property.SUBSCRIPTION_IDENTIFIER, Long.class);
    }

    Map<Property, Object> values() {
        return Collections.unmodifiableMap(values);
    }

    /// These properties without some that concern only one hop.
    Properties without(Property... dropped) {
        if (values.isEmpty()) {
            return this;
        }
        Map<Property, Object> rest = new EnumMap<>(values);
        for (Property property : dropped) {
            rest.remove(property);
        }
        return rest.isEmpty() ? NONE : new Properties(rest);
    }

    /// These properties with one more number.
    Properties with(Property property, long number) {
        Map<Property, Object> more = new EnumMap<>(values);
        more.put(property, number);
        return new Properties(more);
    }

    /// About how many bytes of heap it keeps alive.
    int weight() {
        int weight = values.isEmpty() ? 0 : 96;
        for (Object value : values.values()) {
            weight += switch (value) {
                case String text -> 56 + text.length();
                case byte[] bytes -> 24 + bytes.length;
                case List<?> list -> 40 + list.size() * 16;
                default -> 24;
            };
        }
        for (Pair pair : pairs()) {
            weight += 120 + pair.name().length() + pair.value().length();
        }
        return weight;
    }

    private <T> List<T> list(Property property, Class<T> type) {
        Object value = values.get(property);
        if (!(value instanceof List<?> list)) {
            return List.of();
        }
        return list.stream().map(type::cast).toList();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof Properties that) || !values.keySet().equals(that.values.keySet())) {
            return false;
        }
        return values.entrySet().stream()
                .allMatch(entry -> Objects.deepEquals(entry.getValue(), that.values.get(entry.getKey())));
    }

    @Override
    public int hashCode() {
        return values.keySet().hashCode();
    }

    @Override
    public String toString() {
        return values.keySet().toString();
    }

    /// Collects properties. Not thread-safe.
    static final class Builder {
        private final Map<Property, Object> values = new EnumMap<>(Property.class);

        Builder number(Property property, long value) {
            values.put(property, value);
            return this;
        }

        /// Adds a text; null adds nothing.
        Builder text(Property property, @Nullable String value) {
            if (value != null) {
                values.put(property, value);
            }
            return this;
        }

        Builder binary(Property property, byte[] value) {
            values.put(property, value);
            return this;
        }

        Builder addAll(Properties others) {
            values.putAll(others.values);
            return this;
        }

        Builder pair(String name, String value) {
            return append(Property.USER_PROPERTY, new Pair(name, value));
        }

        Builder subscriptionId(long id) {
            return append(Property.SUBSCRIPTION_IDENTIFIER, id);
        }

        /// Whether it was set already.
        boolean has(Property property) {
            return values.containsKey(property);
        }

        /// How many values a property that may repeat has.
        int count(Property property) {
            return values.get(property) instanceof List<?> list ? list.size() : 0;
        }

        Properties build() {
            return values.isEmpty() ? NONE : new Properties(new EnumMap<>(values));
        }

        @SuppressWarnings("unchecked")
        private Builder append(Property property, Object value) {
            ((List<Object>) values.computeIfAbsent(property, absent -> new ArrayList<>())).add(value);
            return this;
        }
    }
}
