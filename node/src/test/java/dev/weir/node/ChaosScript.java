package dev.weir.node;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// What goes wrong when: chosen at random, the same for the same seed.
///
/// Each part has its own turns of failing and working, so that any of them may fail together. It has
/// had each of its faults once before it has one for the second time.
///
/// @param steps by time; the last ones heal everything
record ChaosScript(List<Step> steps) {
    /// What a part suffers when it works.
    static final String HEALED = "";

    /// How long a fault takes, and how long a part then works.
    private static final int SHORTEST_MILLIS = 200;

    private static final int LONGEST_MILLIS = 1_500;

    /// One change of one part.
    ///
    /// @param atMillis after the start
    /// @param part whose
    /// @param fault what it suffers from now on, or [#HEALED]
    record Step(long atMillis, String part, String fault) {}

    ChaosScript {
        steps = List.copyOf(steps);
    }

    /// @param faults for each part what it can suffer
    static ChaosScript of(long seed, Map<String, List<String>> faults, Duration length) {
        List<Step> steps = new ArrayList<>();
        faults.forEach((part, kinds) -> steps.addAll(turns(seed, part, kinds, length.toMillis())));
        steps.sort(Comparator.comparingLong(Step::atMillis).thenComparing(Step::part));
        return new ChaosScript(steps);
    }

    private static List<Step> turns(long seed, String part, List<String> kinds, long length) {
        Random random = new Random(seed * 31 + part.hashCode());
        List<String> first = new ArrayList<>(kinds);
        Collections.shuffle(first, random);
        List<Step> steps = new ArrayList<>();
        long at = random.nextInt(SHORTEST_MILLIS, LONGEST_MILLIS);
        while (at < length) {
            String fault = first.isEmpty() ? kinds.get(random.nextInt(kinds.size())) : first.removeFirst();
            steps.add(new Step(at, part, fault));
            at = Math.min(length, at + random.nextInt(SHORTEST_MILLIS, LONGEST_MILLIS));
            steps.add(new Step(at, part, HEALED));
            at += random.nextInt(SHORTEST_MILLIS, LONGEST_MILLIS);
        }
        return steps;
    }
}
