package dev.weir.node.access;

import dev.weir.engine.access.Identity;
import dev.weir.node.access.Rules.Denial;
import java.util.List;
import java.util.function.BooleanSupplier;

/// Somebody who has come in.
final class Member implements Identity {
    private final String name;
    private final Kind kind;
    private final List<Rule> all;
    private final BooleanSupplier revoked;

    /// For the client id that asked last: a connection has one.
    private volatile Bound bound;

    private record Bound(String client, Rules rules) {}

    /// @param revoked asked often, must be quick
    Member(String name, Kind kind, List<Rule> all, BooleanSupplier revoked) {
        this.name = name;
        this.kind = kind;
        this.all = all;
        this.revoked = revoked;
        this.bound = new Bound(name, Rules.of(all, kind, name, name));
    }

    private Rules rules(String client) {
        Bound now = bound;
        if (!now.client().equals(client)) {
            now = new Bound(client, Rules.of(all, kind, name, client));
            bound = now;
        }
        return now.rules();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Verdict mayPublish(String topic, String client) {
        Rules rules = rules(client);
        if (rules.open()) {
            return Verdict.ALLOWED;
        }
        List<Denial> denials = rules.mayNotPublish();
        for (int i = 0; i < denials.size(); i++) {
            if (TopicFilter.matches(denials.get(i).filter(), topic)) {
                return refused(denials.get(i));
            }
        }
        return anyMatches(rules.mayPublish(), topic) ? Verdict.ALLOWED : Verdict.FORBIDDEN;
    }

    @Override
    public Verdict maySubscribe(String filter, String client) {
        Rules rules = rules(client);
        if (rules.open()) {
            return Verdict.ALLOWED;
        }
        String asked = TopicFilter.unshared(filter);
        boolean part = false;
        List<Denial> denials = rules.mayNotSubscribe();
        for (int i = 0; i < denials.size(); i++) {
            if (TopicFilter.covers(denials.get(i).filter(), asked)) {
                return refused(denials.get(i));
            }
            part |= TopicFilter.overlaps(denials.get(i).filter(), asked);
        }
        List<String> allowed = rules.maySubscribe();
        for (int i = 0; i < allowed.size(); i++) {
            if (TopicFilter.covers(allowed.get(i), asked)) {
                return part ? Verdict.PARTLY : Verdict.ALLOWED;
            }
        }
        return Verdict.FORBIDDEN;
    }

    @Override
    public boolean mayReceive(String topic, String client) {
        Rules rules = rules(client);
        if (rules.open()) {
            return true;
        }
        List<Denial> denials = rules.mayNotSubscribe();
        for (int i = 0; i < denials.size(); i++) {
            if (TopicFilter.matches(denials.get(i).filter(), topic)) {
                return false;
            }
        }
        return anyMatches(rules.maySubscribe(), topic);
    }

    private static boolean anyMatches(List<String> filters, String topic) {
        for (int i = 0; i < filters.size(); i++) {
            if (TopicFilter.matches(filters.get(i), topic)) {
                return true;
            }
        }
        return false;
    }

    private static Verdict refused(Denial denial) {
        return denial.hide() ? Verdict.HIDDEN : Verdict.FORBIDDEN;
    }

    @Override
    public boolean isRevoked() {
        return revoked.getAsBoolean();
    }

    @Override
    public String toString() {
        return kind + " " + name;
    }
}
