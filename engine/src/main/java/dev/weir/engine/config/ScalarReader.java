package dev.weir.engine.config;

import dev.weir.engine.expression.NearestName;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// Makes of a text what its kind wants, or says why that does not work.
final class ScalarReader {
    private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]+");
    private static final Pattern REAL = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");

    private ScalarReader() {}

    /// What became of a text.
    sealed interface Result {
        /// It is what its kind wants.
        ///
        /// @param content see [Section.Value]
        record Read(Object content) implements Result {}

        /// It is not.
        ///
        /// @param message what was expected and what was found
        record Wrong(String message) implements Result {}
    }

    /// Reads a text that is not null in the sense of YAML.
    ///
    /// @throws IllegalArgumentException if the kind is no scalar
    static Result read(Kind kind, Tree.Scalar scalar) {
        return switch (kind) {
            case Kind.Text _, Kind.Template _, Kind.Secret _ -> new Result.Read(scalar.text());
            case Kind.Formula _ -> scalar.text().isBlank() ? wrong(kind, scalar, "") : new Result.Read(scalar.text());
            case Kind.Flag _ -> flag(kind, scalar);
            case Kind.Whole(long min, long max) -> whole(kind, scalar, min, max);
            case Kind.Real(double min, double max) -> real(kind, scalar, min, max);
            case Kind.Size(long min, long max) -> size(kind, scalar, min, max);
            case Kind.Span(Duration min, Duration max) -> span(kind, scalar, min, max);
            case Kind.Address _ -> AddressReader.read(scalar);
            case Kind.Url(List<String> schemes) -> url(kind, scalar, schemes);
            case Kind.Choice choice -> choice(choice, scalar);
            case Kind.Group _, Kind.ListOf _, Kind.MapOf _, Kind.Either _, Kind.Tagged _, Kind.Later _ ->
                throw new IllegalArgumentException("not a scalar: " + kind);
        };
    }

    /// A value as a message shows it.
    static String shown(Tree.Scalar scalar) {
        if (scalar.secret()) {
            return "the value of an environment variable";
        }
        return scalar.text().isEmpty() ? "empty" : "\"" + Clip.of(scalar.text()) + "\"";
    }

    static Result.Wrong wrong(Kind kind, Tree.Scalar scalar, String hint) {
        return new Result.Wrong("expected " + Expected.of(kind) + ", but was " + shown(scalar) + hint);
    }

    private static Result flag(Kind kind, Tree.Scalar scalar) {
        if (scalar.quoted()) {
            return unquote(kind, scalar);
        }
        return switch (scalar.text()) {
            case "true", "True", "TRUE" -> new Result.Read(true);
            case "false", "False", "FALSE" -> new Result.Read(false);
            case "yes", "Yes", "on", "On" -> wrong(kind, scalar, "; did you mean true?");
            case "no", "No", "off", "Off" -> wrong(kind, scalar, "; did you mean false?");
            default -> wrong(kind, scalar, "");
        };
    }

    private static Result whole(Kind kind, Tree.Scalar scalar, long min, long max) {
        if (!WHOLE.matcher(scalar.text()).matches()) {
            return wrong(kind, scalar, "");
        }
        if (scalar.quoted()) {
            return unquote(kind, scalar);
        }
        try {
            long value = Long.parseLong(scalar.text());
            return value < min || value > max
                    ? beyond(scalar, value < min, String.valueOf(value < min ? min : max))
                    : new Result.Read(value);
        } catch (NumberFormatException e) {
            boolean below = scalar.text().startsWith("-");
            return beyond(scalar, below, String.valueOf(below ? min : max));
        }
    }

    private static Result real(Kind kind, Tree.Scalar scalar, double min, double max) {
        if (!REAL.matcher(scalar.text()).matches()) {
            return wrong(kind, scalar, "");
        }
        if (scalar.quoted()) {
            return unquote(kind, scalar);
        }
        double value = Double.parseDouble(scalar.text());
        if (value < min || value > max || Double.isInfinite(value)) {
            boolean below = value < min;
            return beyond(scalar, below, String.valueOf(below ? min : max));
        }
        return new Result.Read(value);
    }

    private static Result size(Kind kind, Tree.Scalar scalar, long min, long max) {
        OptionalLong size = SizeText.parse(scalar.text());
        if (size.isEmpty()) {
            return wrong(kind, scalar, meant(SizeText.guess(scalar.text())));
        }
        long value = size.getAsLong();
        return value < min || value > max
                ? beyond(scalar, value < min, SizeText.format(value < min ? min : max))
                : new Result.Read(value);
    }

    private static Result span(Kind kind, Tree.Scalar scalar, Duration min, Duration max) {
        Optional<Duration> span = DurationText.parse(scalar.text());
        if (span.isEmpty()) {
            boolean bare = WHOLE.matcher(scalar.text()).matches();
            return wrong(kind, scalar, bare ? ", which has no unit" : meant(DurationText.guess(scalar.text())));
        }
        Duration value = span.get();
        boolean below = value.compareTo(min) < 0;
        if (below && min.equals(Duration.ofNanos(1))) {
            return new Result.Wrong("must be above zero, but was " + shown(scalar));
        }
        return below || value.compareTo(max) > 0
                ? beyond(scalar, below, DurationText.format(below ? min : max))
                : new Result.Read(value);
    }

    private static Result url(Kind kind, Tree.Scalar scalar, List<String> schemes) {
        try {
            URI url = new URI(scalar.text());
            String scheme = url.getScheme();
            if (scheme == null || !schemes.contains(scheme.toLowerCase(Locale.ROOT)) || url.isOpaque()) {
                return wrong(kind, scalar, "");
            }
            return url.getHost() == null ? wrong(kind, scalar, ", which names no host") : new Result.Read(url);
        } catch (URISyntaxException e) {
            return wrong(kind, scalar, scalar.secret() ? "" : ": " + Clip.of(e.getReason()));
        }
    }

    private static Result choice(Kind.Choice choice, Tree.Scalar scalar) {
        String word = scalar.text();
        if (choice.words().contains(word)) {
            return new Result.Read(word);
        }
        if (choice.later().contains(word)) {
            return new Result.Wrong(
                    "\"" + word + "\" is not in this version; use " + Expected.alternatives(choice.words()));
        }
        return wrong(choice, scalar, scalar.secret() ? "" : meant(NearestName.of(word, choice.words())));
    }

    private static Result unquote(Kind kind, Tree.Scalar scalar) {
        return wrong(kind, scalar, " in quotes, which make it text; write it without quotes");
    }

    private static Result beyond(Tree.Scalar scalar, boolean below, String bound) {
        String value = scalar.secret() ? shown(scalar) : Clip.of(scalar.text());
        return new Result.Wrong("must be at " + (below ? "least " : "most ") + bound + ", but was " + value);
    }

    private static String meant(Optional<String> guess) {
        return guess.map(near -> "; did you mean \"" + near + "\"?").orElse("");
    }
}
