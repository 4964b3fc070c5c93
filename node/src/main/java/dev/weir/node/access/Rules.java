package dev.weir.node.access;

import java.util.ArrayList;
import java.util.List;

/// The rules that are for one client, with its names filled in. Without any rule in the config
/// everybody who is in may do everything. Otherwise what no rule allows is forbidden, and a rule
/// that forbids wins.
///
/// @param open whether there are no rules at all
/// @param mayPublish filters of what it may send
/// @param mayNotPublish what it must not send
/// @param maySubscribe filters of what it may receive
/// @param mayNotSubscribe what it must not receive
record Rules(
        boolean open,
        List<String> mayPublish,
        List<Denial> mayNotPublish,
        List<String> maySubscribe,
        List<Denial> mayNotSubscribe) {

    /// @param hide whether who is refused is not told why
    record Denial(String filter, boolean hide) {}

    /// @param client the client id
    static Rules of(List<Rule> all, Kind kind, String name, String client) {
        List<String> mayPublish = new ArrayList<>();
        List<Denial> mayNotPublish = new ArrayList<>();
        List<String> maySubscribe = new ArrayList<>();
        List<Denial> mayNotSubscribe = new ArrayList<>();
        for (Rule rule : all) {
            if (!rule.isFor(kind, name)) {
                continue;
            }
            for (String topic : rule.topics()) {
                if ((topic.contains("%u") && !isPlain(name)) || (topic.contains("%c") && !isPlain(client))) {
                    continue;
                }
                String filter = fill(topic, name, client);
                if (rule.publish()) {
                    add(rule, filter, mayPublish, mayNotPublish);
                }
                if (rule.subscribe()) {
                    add(rule, filter, maySubscribe, mayNotSubscribe);
                }
            }
        }
        return new Rules(
                all.isEmpty(),
                List.copyOf(mayPublish),
                List.copyOf(mayNotPublish),
                List.copyOf(maySubscribe),
                List.copyOf(mayNotSubscribe));
    }

    private static void add(Rule rule, String filter, List<String> may, List<Denial> mayNot) {
        if (rule.allows()) {
            may.add(filter);
        } else {
            mayNot.add(new Denial(filter, rule.hide()));
        }
    }

    /// In one pass: a client id may well contain `%u`.
    private static String fill(String topic, String name, String client) {
        StringBuilder filled = new StringBuilder(topic.length() + name.length());
        for (int i = 0; i < topic.length(); i++) {
            if (topic.startsWith("%u", i)) {
                filled.append(name);
                i++;
            } else if (topic.startsWith("%c", i)) {
                filled.append(client);
                i++;
            } else {
                filled.append(topic.charAt(i));
            }
        }
        return filled.toString();
    }

    /// Whether a name can stand for a level: a client chooses its id, and `#` would open
    /// everything,
    /// `$SYS` what is the node's.
    private static boolean isPlain(String name) {
        return !name.isEmpty()
                && !name.startsWith("$")
                && name.chars().noneMatch(c -> c == '+' || c == '#' || c == '/' || Character.isISOControl(c));
    }
}
