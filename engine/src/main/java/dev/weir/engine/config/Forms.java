package dev.weir.engine.config;

/// What can be said of a kind without looking into a value.
final class Forms {
    private Forms() {}

    /// Whether a kind is written as a single text.
    static boolean isScalar(Kind kind) {
        return switch (kind) {
            case Kind.Text _, Kind.Secret _, Kind.Flag _, Kind.Whole _, Kind.Real _, Kind.Size _, Kind.Span _ -> true;
            case Kind.Address _, Kind.Url _, Kind.Choice _, Kind.Formula _, Kind.Template _ -> true;
            case Kind.Group _, Kind.ListOf _, Kind.MapOf _, Kind.Either _, Kind.Tagged _, Kind.Later _ -> false;
        };
    }

    /// Whether a piece of a file has the form of a kind, whatever is in it.
    static boolean fits(Kind kind, Tree tree) {
        return switch (kind) {
            case Kind.Group _, Kind.MapOf _ -> tree instanceof Tree.Mapping;
            case Kind.Tagged tagged ->
                tree instanceof Tree.Mapping
                        || (tree instanceof Tree.Scalar scalar && tagged.tags().containsKey(scalar.text()));
            case Kind.ListOf list -> tree instanceof Tree.Sequence || fits(list.element(), tree);
            case Kind.Either either -> fits(either.first(), tree) || fits(either.second(), tree);
            case Kind.Later _ -> false;
            case Kind.Text _, Kind.Secret _, Kind.Flag _, Kind.Whole _, Kind.Real _ -> tree instanceof Tree.Scalar;
            case Kind.Size _, Kind.Span _, Kind.Address _, Kind.Url _ -> tree instanceof Tree.Scalar;
            case Kind.Choice _, Kind.Formula _, Kind.Template _ -> tree instanceof Tree.Scalar;
        };
    }

    /// Whether a block may be empty.
    static boolean standsAlone(Kind kind) {
        return kind instanceof Kind.Group(Shape shape)
                && shape.options().stream().noneMatch(option -> option.presence() == Option.Presence.REQUIRED);
    }
}
