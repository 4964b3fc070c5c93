package dev.weir.connect.nats;

import java.util.List;

/// Subjects and addresses. A subject `plant.m1.temperature` is the address `plant/m1/temperature`.
final class Subjects {
    private static final int MAX_LENGTH = 1000;

    private Subjects() {}

    /// The address of a message. A slash inside of a token becomes `%2F`, so that `a.b/c` is not
    /// taken for `a.b.c`.
    static String address(String subject) {
        String escaped = subject.indexOf('/') < 0 ? subject : subject.replace("/", "%2F");
        return escaped.replace('.', '/');
    }

    /// Whether a text can be subscribed to: `*` stands for a token, `>` at the end for one or more.
    static boolean isFilter(String text) {
        List<String> tokens = tokens(text);
        for (int i = 0; i < tokens.size(); i++) {
            String token = tokens.get(i);
            boolean wildcard = token.equals("*") || (token.equals(">") && i == tokens.size() - 1);
            if (!wildcard && !isToken(token)) {
                return false;
            }
        }
        return text.length() <= MAX_LENGTH;
    }

    /// Whether a text can be published to.
    static boolean isSubject(String text) {
        return text.length() <= MAX_LENGTH && tokens(text).stream().allMatch(Subjects::isToken);
    }

    /// Whether a text is a name for JetStream: of a stream or a consumer.
    static boolean isName(String text) {
        return isToken(text)
                && text.length() <= MAX_LENGTH
                && text.chars().noneMatch(c -> c == '.' || c == '/' || c == '\\');
    }

    /// Whether some subject matches both filters.
    static boolean overlap(String one, String other) {
        List<String> left = tokens(one);
        List<String> right = tokens(other);
        for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
            String a = left.get(i);
            String b = right.get(i);
            if (a.equals(">") || b.equals(">")) {
                return true;
            }
            if (!a.equals("*") && !b.equals("*") && !a.equals(b)) {
                return false;
            }
        }
        return left.size() == right.size();
    }

    /// How many tokens a subject has.
    static int depth(String subject) {
        return tokens(subject).size();
    }

    private static List<String> tokens(String text) {
        return List.of(text.split("\\.", -1));
    }

    private static boolean isToken(String token) {
        return !token.isEmpty()
                && token.chars()
                        .noneMatch(c -> c == '*' || c == '>' || Character.isWhitespace(c) || Character.isISOControl(c));
    }
}
