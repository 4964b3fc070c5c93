package dev.weir.node.access;

/// Compares filters and topics level by level, without taking memory. `+` is any one level, `#` at
/// the end any number of levels, also none behind a parent. At the first level neither is for
/// topics that begin with `$`.
final class TopicFilter {
    private static final String SHARE = "$share/";

    private TopicFilter() {}

    /// What is wrong with a filter of a rule; empty if it is fine.
    static String whyNot(String filter) {
        if (filter.isEmpty()) {
            return "is empty";
        }
        for (int from = 0; from <= filter.length(); from = end(filter, from) + 1) {
            String level = filter.substring(from, end(filter, from));
            boolean last = end(filter, from) == filter.length();
            if (level.contains("#") && (level.length() > 1 || !last)) {
                return "has a '#' that is not the whole last level";
            }
            if (level.contains("+") && level.length() > 1) {
                return "has a '+' that is not a whole level";
            }
        }
        return filter.chars().anyMatch(c -> c == 0) ? "has a NUL in it" : "";
    }

    /// The filter of a subscription without the group that shares it.
    static String unshared(String filter) {
        if (!filter.startsWith(SHARE)) {
            return filter;
        }
        int group = filter.indexOf('/', SHARE.length());
        return group < 0 ? filter : filter.substring(group + 1);
    }

    static boolean matches(String filter, String topic) {
        int f = 0;
        int t = 0;
        while (true) {
            int filterEnd = end(filter, f);
            int topicEnd = end(topic, t);
            boolean system = t == 0 && topic.startsWith("$");
            if (is(filter, f, filterEnd, '#')) {
                return !system;
            }
            boolean any = is(filter, f, filterEnd, '+') && !system;
            if (!any && !same(filter, f, filterEnd, topic, t, topicEnd)) {
                return false;
            }
            f = filterEnd + 1;
            t = topicEnd + 1;
            if (t > topic.length()) {
                return f > filter.length() || isRest(filter, f);
            }
            if (f > filter.length()) {
                return false;
            }
        }
    }

    /// Whether everything that `asked` matches is matched by `filter` too.
    static boolean covers(String filter, String asked) {
        if (asked.equals("#")) {
            // Of one level or more, like "+/#".
            return filter.equals("#") || filter.equals("+/#");
        }
        int f = 0;
        int a = 0;
        while (true) {
            int filterEnd = end(filter, f);
            int askedEnd = end(asked, a);
            boolean system = a == 0 && asked.startsWith("$");
            if (is(filter, f, filterEnd, '#')) {
                return !system;
            }
            if (is(asked, a, askedEnd, '#')) {
                return false;
            }
            boolean any = is(filter, f, filterEnd, '+') && !system;
            if (!any && !same(filter, f, filterEnd, asked, a, askedEnd)) {
                return false;
            }
            f = filterEnd + 1;
            a = askedEnd + 1;
            if (a > asked.length()) {
                return f > filter.length() || isRest(filter, f);
            }
            if (f > filter.length()) {
                return false;
            }
        }
    }

    /// Whether there is a topic that both match.
    static boolean overlaps(String one, String other) {
        int i = 0;
        int j = 0;
        while (true) {
            int oneEnd = end(one, i);
            int otherEnd = end(other, j);
            boolean system = i == 0 && (one.startsWith("$") || other.startsWith("$"));
            boolean rest = is(one, i, oneEnd, '#') || is(other, j, otherEnd, '#');
            if (rest) {
                return !system;
            }
            boolean any = (is(one, i, oneEnd, '+') || is(other, j, otherEnd, '+')) && !system;
            if (!any && !same(one, i, oneEnd, other, j, otherEnd)) {
                return false;
            }
            i = oneEnd + 1;
            j = otherEnd + 1;
            if (i > one.length()) {
                return j > other.length() || isRest(other, j);
            }
            if (j > other.length()) {
                return isRest(one, i);
            }
        }
    }

    private static int end(String text, int from) {
        int slash = text.indexOf('/', from);
        return slash < 0 ? text.length() : slash;
    }

    private static boolean is(String text, int from, int end, char wildcard) {
        return end - from == 1 && text.charAt(from) == wildcard;
    }

    private static boolean isRest(String filter, int from) {
        return from == filter.length() - 1 && filter.charAt(from) == '#';
    }

    private static boolean same(String one, int from, int end, String other, int otherFrom, int otherEnd) {
        return end - from == otherEnd - otherFrom && one.regionMatches(from, other, otherFrom, end - from);
    }
}
