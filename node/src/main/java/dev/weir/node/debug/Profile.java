package dev.weir.node.debug;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import jdk.jfr.consumer.RecordedEvent;

/// What was found in a while, summed up by stack.
///
/// Not thread-safe while it is filled; immutable in effect after that.
public final class Profile {
    /// As many different stacks are kept at most; the values of others go to one of that name.
    private static final int MOST_STACKS = 20_000;

    private static final Stack OTHERS = new Stack(java.util.List.of(new Stack.Frame("(other stacks)", 0)));

    private final Subject subject;
    private final Instant start;
    private final Duration time;
    private final Map<Stack, Weight> weights = new LinkedHashMap<>();

    /// How often a stack was seen, and what it is worth.
    static final class Weight {
        private long samples;
        private long value;

        long samples() {
            return samples;
        }

        long value() {
            return value;
        }
    }

    Profile(Subject subject, Instant start, Duration time) {
        this.subject = subject;
        this.start = start;
        this.time = time;
    }

    void add(RecordedEvent event) {
        long value = subject.value(event);
        if (value > 0) {
            add(Stack.of(event.getStackTrace(), subject.leaf(event)), value);
        }
    }

    void add(Stack stack, long value) {
        Stack kept = weights.size() < MOST_STACKS || weights.containsKey(stack) ? stack : OTHERS;
        Weight weight = weights.computeIfAbsent(kept, _ -> new Weight());
        weight.samples++;
        weight.value += value;
    }

    Map<Stack, Weight> weights() {
        return weights;
    }

    /// What it is about.
    public Subject subject() {
        return subject;
    }

    /// When recording began.
    public Instant start() {
        return start;
    }

    /// How long it was recorded.
    public Duration time() {
        return time;
    }

    /// How many samples or events are in it.
    public long samples() {
        return weights.values().stream().mapToLong(Weight::samples).sum();
    }
}
