package dev.weir.connect.mqtt;

import org.jspecify.annotations.Nullable;

/// What is a topic name and what is a topic filter.
final class Topics {
    private static final String SHARE = "$share/";

    private Topics() {}

    /// A filter taken apart.
    ///
    /// @param group the name behind `$share/`; null for an ordinary subscription
    /// @param filter the filter itself
    record Filter(@Nullable String group, String filter) {}

    /// Checks the name that a message is published to.
    ///
    /// @throws Violation if it is empty or has a wildcard (MQTT-3.3.2-2, MQTT-4.7.3-1)
    static void checkName(String topic) throws Violation {
        if (topic.isEmpty()) {
            throw new Violation(Reason.TOPIC_NAME_INVALID, "empty topic");
        }
        if (topic.indexOf('#') >= 0 || topic.indexOf('+') >= 0) {
            throw new Violation(Reason.TOPIC_NAME_INVALID, "wildcard in topic '" + topic + "'");
        }
    }

    /// Takes a filter apart; null if it is not one (MQTT-4.7.1-1, MQTT-4.7.1-2, MQTT-4.8.2-1,
    /// MQTT-4.8.2-2).
    static @Nullable Filter parse(String text) {
        if (!text.startsWith(SHARE)) {
            return wellFormed(text) ? new Filter(null, text) : null;
        }
        int slash = text.indexOf('/', SHARE.length());
        if (slash <= SHARE.length()) {
            return null;
        }
        String group = text.substring(SHARE.length(), slash);
        String filter = text.substring(slash + 1);
        boolean plain = group.indexOf('+') < 0 && group.indexOf('#') < 0;
        return plain && wellFormed(filter) ? new Filter(group, filter) : null;
    }

    private static boolean wellFormed(String filter) {
        int length = filter.length();
        for (int i = 0; i < length; i++) {
            char c = filter.charAt(i);
            if (c == '#' && (i != length - 1 || !startsLevel(filter, i))) {
                return false;
            }
            if (c == '+' && !(startsLevel(filter, i) && endsLevel(filter, i))) {
                return false;
            }
        }
        return length > 0;
    }

    private static boolean startsLevel(String filter, int index) {
        return index == 0 || filter.charAt(index - 1) == '/';
    }

    private static boolean endsLevel(String filter, int index) {
        return index == filter.length() - 1 || filter.charAt(index + 1) == '/';
    }

    /// Whether a topic is the server's own, so that clients may read it only.
    static boolean isServers(String topic) {
        return topic.charAt(0) == '$' && topic.startsWith("$SYS");
    }

    /// How many levels a topic or filter has.
    static int levels(String topic) {
        int levels = 1;
        for (int i = topic.indexOf('/'); i >= 0; i = topic.indexOf('/', i + 1)) {
            levels++;
        }
        return levels;
    }
}
