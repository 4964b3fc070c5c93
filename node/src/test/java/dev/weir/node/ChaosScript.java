package dev.weir.node;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/// What goes wrong when: chosen at random, the same for the same seed.
///
/// Each part has its own turns of failing and working, so that any of them may fail together. It
/// has had each of its faults once before it has one for the second time.
///
/// @param steps by time; the last ones heal everything
record ChaosScript(List<Step> steps) {
    /// What a part suffers when it works.
    static final String HEALED = "";

    /// How long a fault takes, and how long a part then works: from one to the other, in ms.
    private static final int SHORTEST = 200;

    private static final int LONGEST = 1_500;

    /// How long a fault takes that has to be noticed by how long it takes.
    private static final int LASTING_SHORTEST = 2_000;

    private static final int LASTING_LONGEST = 3_000;

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
    /// @param lasting those of them that take long
    static ChaosScript of(long seed, Map<String, List<String>> faults, Set<String> lasting, Duration length) {
        List<Step> steps = new ArrayList<>();
        faults.forEach((part, kinds) -> steps.addAll(turns(seed, part, kinds, lasting, length.toMillis())));
        steps.sort(Comparator.comparingLong(Step::atMillis).thenComparing(Step::part));
        return new ChaosScript(steps);
    }

    private static List<Step> turns(long seed, String part, List<String> kinds, Set<String> lasting, long length) {
        Random random = new Random(seed * 31 + part.hashCode());
        List<String> first = new ArrayList<>(kinds);
        Collections.shuffle(first, random);
        List<Step> steps = new ArrayList<>();
        long at = random.nextInt(SHORTEST, LONGEST);
        while (at < length) {
            String fault = first.isEmpty() ? kinds.get(random.nextInt(kinds.size())) : first.removeFirst();
            steps.add(new Step(at, part, fault));
            int takes = lasting.contains(fault)
                    ? random.nextInt(LASTING_SHORTEST, LASTING_LONGEST)
                    : random.nextInt(SHORTEST, LONGEST);
            at = Math.min(length, at + takes);
            steps.add(new Step(at, part, HEALED));
            at += random.nextInt(SHORTEST, LONGEST);
        }
        return steps;
    }
}
