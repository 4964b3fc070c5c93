package dev.weir.engine.config;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/// Finds mistakes in shapes: they are in the program, not in a file.
final class ShapeCheck {
    private static final Pattern KEBAB = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

    private ShapeCheck() {}

    static void of(Shape shape) {
        Set<String> names = new HashSet<>();
        for (Option option : shape.options()) {
            if (!KEBAB.matcher(option.name()).matches() || !names.add(option.name())) {
                throw new IllegalStateException("'" + option.name() + "' is not in kebab-case, or there twice");
            }
            if (option.about().isBlank()) {
                throw new IllegalStateException("nothing is said about the option '" + option.name() + "'");
            }
            if ((option.presence() == Option.Presence.DEFAULTED) != (option.fallback() != null)) {
                throw new IllegalStateException(
                        "the option '" + option.name() + "' needs a default, or has one too many");
            }
            if (option.fallback() != null) {
                Defaults.of(option, new Location("default", 1, 1));
            }
            of(option.kind());
        }
    }

    private static void of(Kind kind) {
        switch (kind) {
            case Kind.Group(Shape shape) -> of(shape);
            case Kind.ListOf(Kind element) -> of(element);
            case Kind.MapOf(Kind value) -> of(value);
            case Kind.Either(Kind first, Kind second) -> {
                of(first);
                of(second);
            }
            case Kind.Tagged tagged -> {
                of(tagged.shared());
                tagged.tags().values().forEach(ShapeCheck::of);
            }
            case Kind.Text _, Kind.Secret _, Kind.Flag _, Kind.Whole _, Kind.Real _, Kind.Size _, Kind.Span _ -> {}
            case Kind.Address _, Kind.Url _, Kind.Choice _, Kind.Formula _, Kind.Template _, Kind.Later _ -> {}
        }
    }
}
