package dev.weir.engine.config;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Says in words what a kind wants.
final class Expected {
    private Expected() {}

    /// What belongs behind "expected".
    static String of(Kind kind) {
        return switch (kind) {
            case Kind.Text _, Kind.Template _, Kind.Secret _ -> "text";
            case Kind.Flag _ -> "true or false";
            case Kind.Whole whole -> "a whole number" + range(whole);
            case Kind.Real _ -> "a number";
            case Kind.Size _ -> "a size such as 512, 64KiB or 10MB";
            case Kind.Span _ -> "a duration such as 250ms, 10s, 5m, 2h or 30d";
            case Kind.Address _ -> "an address such as 127.0.0.1:1883, [::1]:1883, or a port";
            case Kind.Url url -> "a URL that begins with " + alternatives(schemes(url));
            case Kind.Choice choice -> alternatives(choice.words());
            case Kind.Formula _ -> "an expression";
            case Kind.Group _ -> "a block of options (key: value)";
            case Kind.ListOf list -> "a list, each element " + of(list.element());
            case Kind.MapOf _ -> "names, each with a value (name: value)";
            case Kind.Either either -> of(either.first()) + ", or " + of(either.second());
            case Kind.Tagged tagged ->
                "a " + tagged.noun() + ": " + alternatives(present(tagged)) + ", with a \":\" behind it";
            case Kind.Later _ -> "nothing";
        };
    }

    /// The tags that this version has.
    static List<String> present(Kind.Tagged tagged) {
        return tagged.tags().entrySet().stream()
                .filter(tag -> !(tag.getValue() instanceof Kind.Later))
                .map(Map.Entry::getKey)
                .toList();
    }

    /// `a`, `a or b`, `one of a, b, c`.
    static String alternatives(List<String> words) {
        return switch (words.size()) {
            case 0 -> "nothing";
            case 1 -> words.getFirst();
            case 2 -> words.getFirst() + " or " + words.getLast();
            default -> "one of " + words.stream().collect(Collectors.joining(", "));
        };
    }

    private static List<String> schemes(Kind.Url url) {
        return url.schemes().stream().map(scheme -> scheme + "://").toList();
    }

    private static String range(Kind.Whole whole) {
        if (whole.max() != Long.MAX_VALUE && whole.min() != Long.MIN_VALUE) {
            return " from " + whole.min() + " to " + whole.max();
        }
        return whole.min() == Long.MIN_VALUE ? "" : " of at least " + whole.min();
    }
}
