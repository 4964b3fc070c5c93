package dev.weir.engine.config;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A block of a file that was checked against its [Shape]: every value asked for is present, of
/// its kind and within its bounds. Asking for an option that the shape does not have, or by the
/// wrong kind, is a mistake in the program and throws
/// `IllegalArgumentException`.
public final class Section {
    private final Location location;
    private final boolean complete;
    private final Map<String, Value> values;

    Section(Location location, Map<String, Value> values) {
        this(location, true, values);
    }

    Section(Location location, boolean complete, Map<String, Value> values) {
        this.location = location;
        this.complete = complete;
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /// A checked value: what the option's kind makes of the text.
    ///
    /// `content` is a `String` (text, secret, choice, formula, template), `Boolean`,
    /// `Long` (whole, size), `Double`, `Duration`, [HostPort], `URI`, `Section`, [Tag],
    /// `List<Value>` or `Map<String, Value>`.
    record Value(Location location, Object content) {}

    /// A tag and what stands behind it, with the shared options beside it.
    ///
    /// @param name the tag: `mqtt`, `validate`, `publish`
    /// @param location where the tag stands
    /// @param value what stands behind the tag
    /// @param shared the options beside the tag
    public record Tag(String name, Location location, Value value, Section shared) {
        /// The options behind the tag, where its kind is [Kind.Group].
        public Section section() {
            return cast(value, Section.class, name);
        }

        /// The text behind the tag, where its kind is a text, formula or template.
        public Located<String> text() {
            return new Located<>(value.location(), cast(value, String.class, name));
        }

        /// The texts behind the tag by name, in the order of the file, where its kind is a
        /// [Kind.MapOf] texts, formulas or templates.
        public Map<String, Located<String>> texts() {
            return new Section(location, true, Map.of(name, value)).map(name);
        }
    }

    /// Where a thing was said.
    ///
    /// @param location the place of the value
    /// @param value the value
    public record Located<T>(Location location, T value) {}

    /// Checks a block of a file. Everything that is wrong in it becomes a problem; what is right is
    /// in the result all the same, so that later checks can find more in the same run.
    public static Section check(Tree tree, Shape shape, Problems problems) {
        return new Checker(problems).root(tree, shape);
    }

    /// Whether all that was asked for is here. Where it is not, a problem says what was wrong or
    /// missing, and an accessor may throw even for a required option: nothing should be made of the
    /// block. A key too many, or a wrong value that has a default, does not make a block
    /// incomplete.
    public boolean complete() {
        return complete;
    }

    /// Where the block begins.
    public Location location() {
        return location;
    }

    /// Where the option's value stands, or where the block begins if the option was left out.
    public Location at(String option) {
        Value value = values.get(option);
        return value == null ? location : value.location();
    }

    /// Whether the option has a value, given or by default.
    public boolean has(String option) {
        return values.containsKey(option);
    }

    public String text(String option) {
        return get(option, String.class);
    }

    /// The option's text, or null when it was left out.
    public @Nullable String textOrNull(String option) {
        return has(option) ? text(option) : null;
    }

    /// The text with its position: for expressions and templates, whose owner reports mistakes
    /// inside of it.
    public Located<String> located(String option) {
        return new Located<>(at(option), text(option));
    }

    public boolean flag(String option) {
        return get(option, Boolean.class);
    }

    /// A whole number, or a size in bytes.
    public long whole(String option) {
        return get(option, Long.class);
    }

    /// A whole number or a size that is known to fit, since its kind bounds it.
    public int integer(String option) {
        return Math.toIntExact(whole(option));
    }

    public double real(String option) {
        return get(option, Double.class);
    }

    public Duration duration(String option) {
        return get(option, Duration.class);
    }

    public HostPort address(String option) {
        return get(option, HostPort.class);
    }

    public URI url(String option) {
        return get(option, URI.class);
    }

    public Section group(String option) {
        return get(option, Section.class);
    }

    public Tag tag(String option) {
        return get(option, Tag.class);
    }

    /// The texts of a list, each with its position; empty when the option was left out.
    public List<Located<String>> texts(String option) {
        return list(option).stream()
                .map(value -> new Located<>(value.location(), cast(value, String.class, option)))
                .toList();
    }

    /// The tagged elements of a list, in order; empty when the option was left out.
    public List<Tag> tags(String option) {
        return list(option).stream()
                .map(value -> cast(value, Tag.class, option))
                .toList();
    }

    /// The blocks of a list, in order; empty when the option was left out.
    public List<Section> sections(String option) {
        return list(option).stream()
                .map(value -> cast(value, Section.class, option))
                .toList();
    }

    /// Whether an option of that name has a value in this block, or in one nested in it.
    public boolean mentions(String option) {
        return has(option)
                || values.values().stream()
                        .anyMatch(value -> value.content() instanceof Section nested && nested.mentions(option));
    }

    /// The nested blocks of a mapping with free keys, in the order of the file; empty when the
    /// option was left out.
    public Map<String, Section> groups(String option) {
        return entries(option, Section.class);
    }

    /// The tagged values of a mapping with free keys, in the order of the file; empty when the
    /// option was left out.
    public Map<String, Tag> tagged(String option) {
        return entries(option, Tag.class);
    }

    /// The texts of a mapping with free keys, in the order of the file; empty when the option was
    /// left out.
    public Map<String, Located<String>> map(String option) {
        Map<String, Located<String>> result = new LinkedHashMap<>();
        mapping(option)
                .forEach((name, value) ->
                        result.put(name, new Located<>(value.location(), cast(value, String.class, option))));
        return result;
    }

    /// A value as a text that is the same for equal values: to compare blocks, not to show them,
    /// since secrets are in it.
    public String comparable(String option) {
        return comparable(values.get(option));
    }

    private static String comparable(@Nullable Value value) {
        return switch (value == null ? null : value.content()) {
            case null -> "";
            case Section section -> comparable(section.values);
            case Tag tag -> tag.name() + ":" + comparable(tag.value()) + comparable(tag.shared().values);
            case List<?> items ->
                items.stream().map(item -> comparable((Value) item)).toList().toString();
            case Map<?, ?> entries -> comparable(entries);
            case Object content -> content.toString();
        };
    }

    private static String comparable(Map<?, ?> entries) {
        StringBuilder text = new StringBuilder("{");
        entries.forEach((name, item) ->
                text.append(name).append('=').append(comparable((Value) item)).append(';'));
        return text.append('}').toString();
    }

    /// Whether the value of an [Kind.Either] option is a text (rather than a number, a block, …).
    public boolean isText(String option) {
        Value value = values.get(option);
        return value != null && value.content() instanceof String;
    }

    /// Every option of this block that is an address, given or by default, with its position;
    /// those of nested blocks too, under names like `tls.listen`.
    public Map<String, Located<HostPort>> addresses() {
        Map<String, Located<HostPort>> result = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            if (value.content() instanceof HostPort address) {
                result.put(name, new Located<>(value.location(), address));
            } else if (value.content() instanceof Section nested) {
                nested.addresses().forEach((inner, address) -> result.put(name + "." + inner, address));
            }
        });
        return result;
    }

    private <T> T get(String option, Class<T> type) {
        Value value = values.get(option);
        if (value == null) {
            throw new IllegalArgumentException("option '" + option + "' has no value in the block at " + location);
        }
        return cast(value, type, option);
    }

    @SuppressWarnings("unchecked")
    private List<Value> list(String option) {
        Value value = values.get(option);
        return value == null ? List.of() : cast(value, List.class, option);
    }

    @SuppressWarnings("unchecked")
    private Map<String, Value> mapping(String option) {
        Value value = values.get(option);
        return value == null ? Map.of() : cast(value, Map.class, option);
    }

    private <T> Map<String, T> entries(String option, Class<T> type) {
        Map<String, T> result = new LinkedHashMap<>();
        mapping(option).forEach((name, value) -> result.put(name, cast(value, type, option)));
        return result;
    }

    private static <T> T cast(Value value, Class<T> type, String option) {
        Objects.requireNonNull(value.content());
        if (!type.isInstance(value.content())) {
            throw new IllegalArgumentException("option '" + option + "' is a "
                    + value.content().getClass().getSimpleName() + ", not a " + type.getSimpleName());
        }
        return type.cast(value.content());
    }
}
