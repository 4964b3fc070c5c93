package dev.weir.engine.expression;

import dev.weir.engine.expression.EvaluationException.Reason;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The functions on text: those of CEL and its `strings` extension. Positions count code points.
final class TextFunctions {
    private static final Type S = Scalar.STRING;
    private static final Type I = Scalar.INT;

    private TextFunctions() {}

    static void define(Library.Definitions library) {
        library.define(".startsWith", Scalar.BOOL, (Function.TextTest) String::startsWith, S, S);
        library.define(".endsWith", Scalar.BOOL, (Function.TextTest) String::endsWith, S, S);
        library.define(".contains", Scalar.BOOL, (Function.TextTest) String::contains, S, S);
        library.define(".matches", Scalar.BOOL, (Function.TextTest) TextFunctions::matches, S, S);
        library.define("matches", Scalar.BOOL, (Function.TextTest) TextFunctions::matches, S, S);
        text(library, ".charAt", v -> charAt(str(v, 0), at(v, 1)), S, I);
        text(library, ".lowerAscii", v -> ascii(str(v, 0), 'A', 'Z', 32), S);
        text(library, ".upperAscii", v -> ascii(str(v, 0), 'a', 'z', -32), S);
        text(library, ".trim", v -> trim(str(v, 0)), S);
        text(library, ".reverse", v -> new StringBuilder(str(v, 0)).reverse().toString(), S);
        text(library, ".replace", v -> replace(str(v, 0), str(v, 1), str(v, 2), -1), S, S, S);
        text(library, ".replace", v -> replace(str(v, 0), str(v, 1), str(v, 2), at(v, 3)), S, S, S, I);
        text(library, ".substring", v -> substring(str(v, 0), at(v, 1), length(str(v, 0))), S, I);
        text(library, ".substring", v -> substring(str(v, 0), at(v, 1), at(v, 2)), S, I, I);
        text(library, ".join", v -> join((List<?>) v[0], ""), new Type.ListOf(S));
        text(library, ".join", v -> join((List<?>) v[0], str(v, 1)), new Type.ListOf(S), S);
        text(library, "strings.quote", v -> quote(str(v, 0)), S);
        whole(library, ".indexOf", v -> indexOf(str(v, 0), str(v, 1), 0), S, S);
        whole(library, ".indexOf", v -> indexOf(str(v, 0), str(v, 1), at(v, 2)), S, S, I);
        whole(library, ".lastIndexOf", v -> lastIndexOf(str(v, 0), str(v, 1), length(str(v, 0))), S, S);
        whole(library, ".lastIndexOf", v -> lastIndexOf(str(v, 0), str(v, 1), inside(str(v, 0), at(v, 2))), S, S, I);
        Type strings = new Type.ListOf(S);
        library.define(".split", strings, (Function.Boxed) v -> split(str(v, 0), str(v, 1), -1), S, S);
        library.define(".split", strings, (Function.Boxed) v -> split(str(v, 0), str(v, 1), at(v, 2)), S, S, I);
    }

    private static void text(Library.Definitions library, String name, Function.Boxed body, Type... parameters) {
        library.define(name, S, body, parameters);
    }

    private static void whole(Library.Definitions library, String name, Function.Boxed body, Type... parameters) {
        library.define(name, I, body, parameters);
    }

    private static String str(Object[] values, int index) {
        return (String) values[index];
    }

    private static int at(Object[] values, int index) {
        long at = (Long) values[index];
        return Math.clamp(at, -1, Integer.MAX_VALUE);
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private static boolean matches(String text, String pattern) {
        return Regex.compile(pattern).find(text);
    }

    private static int inside(String text, int at) {
        int length = length(text);
        if (at < 0 || at > length) {
            throw new EvaluationException(
                    Reason.INDEX, "position " + at + " is outside of a text of " + length + " characters");
        }
        return at;
    }

    private static String charAt(String text, int at) {
        return inside(text, at) == length(text)
                ? ""
                : Character.toString(text.codePointAt(text.offsetByCodePoints(0, at)));
    }

    private static String ascii(String text, char from, char to, int shift) {
        StringBuilder changed = new StringBuilder(text);
        for (int i = 0; i < changed.length(); i++) {
            char c = changed.charAt(i);
            if (c >= from && c <= to) {
                changed.setCharAt(i, (char) (c + shift));
            }
        }
        return changed.toString();
    }

    /// Unicode white space, which is more than Java's `strip` knows.
    private static boolean blank(char c) {
        return Character.isSpaceChar(c) || (c >= '\t' && c <= '\r') || c == '\u0085';
    }

    private static String trim(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && blank(text.charAt(start))) {
            start++;
        }
        while (end > start && blank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static String replace(String text, String old, String with, int limit) {
        StringBuilder replaced = new StringBuilder();
        int at = 0;
        for (int count = 0; limit < 0 || count < limit; count++) {
            int found = text.indexOf(old, at);
            if (found < 0 || (old.isEmpty() && count > 0 && found >= text.length())) {
                break;
            }
            if (old.isEmpty() && count > 0) {
                int next = text.offsetByCodePoints(at, 1);
                replaced.append(text, at, next);
                at = next;
                found = next;
            }
            replaced.append(text, at, found).append(with);
            at = found + old.length();
            Text.check(replaced.length());
        }
        replaced.append(text, at, text.length());
        Text.check(replaced.length());
        return replaced.toString();
    }

    private static String substring(String text, int from, int to) {
        inside(text, from);
        inside(text, to);
        if (from > to) {
            throw new EvaluationException(Reason.INDEX, "substring from " + from + " to " + to);
        }
        int start = text.offsetByCodePoints(0, from);
        return text.substring(start, text.offsetByCodePoints(start, to - from));
    }

    private static Object indexOf(String text, String part, int from) {
        int found = text.indexOf(part, text.offsetByCodePoints(0, inside(text, from)));
        return found < 0 ? -1L : (long) text.codePointCount(0, found);
    }

    private static Object lastIndexOf(String text, String part, int from) {
        int found = text.lastIndexOf(part, text.offsetByCodePoints(0, from));
        return found < 0 ? -1L : (long) text.codePointCount(0, found);
    }

    private static Object split(String text, String separator, int limit) {
        if (limit == 0) {
            return List.of();
        }
        List<Object> parts = new ArrayList<>();
        int at = 0;
        while (limit < 0 || parts.size() < limit - 1) {
            boolean letters = separator.isEmpty();
            if (letters && at >= text.length()) {
                break;
            }
            int end = letters ? text.offsetByCodePoints(at, 1) : text.indexOf(separator, at);
            if (end < 0 || (letters && end >= text.length())) {
                break;
            }
            parts.add(text.substring(at, end));
            at = end + separator.length();
            Arithmetic.checkElements(parts.size() + 1L);
        }
        if (!separator.isEmpty() || at < text.length()) {
            parts.add(text.substring(at));
        }
        return Collections.unmodifiableList(parts);
    }

    private static String join(List<?> parts, String separator) {
        StringBuilder joined = new StringBuilder();
        for (int i = 0; i < parts.size(); i++) {
            if (!(parts.get(i) instanceof String part)) {
                throw new EvaluationException(Reason.NO_SUCH_OVERLOAD, "join takes a list of strings");
            }
            joined.append(i == 0 ? "" : separator).append(part);
            Text.check(joined.length());
        }
        return joined.toString();
    }

    private static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int escape = "\u0007\b\f\n\r\t\u000b\\\"".indexOf(c);
            if (escape >= 0) {
                quoted.append('\\').append("abfnrtv\\\"".charAt(escape));
            } else {
                quoted.append(c);
            }
            Text.check(quoted.length());
        }
        return quoted.append('"').toString();
    }
}
