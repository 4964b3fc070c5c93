package dev.weir.testkit.disk;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/// What is to go wrong, and when. Guarded by the lock of the volume.
final class Faults {
    /// So many faults can be planned at once.
    private static final int PLANNED = 10_000;

    private static final class Planned {
        private final Fault fault;
        private final PathMatcher names;
        private long left;

        Planned(Fault fault, PathMatcher names, long left) {
            this.fault = fault;
            this.names = names;
            this.left = left;
        }
    }

    private record Odds(SplittableRandom random, double probability) {}

    private final List<Planned> planned = new ArrayList<>();
    private final Map<Fault, Odds> odds = new EnumMap<>(Fault.class);
    private long operations;
    private long cutAt;
    private long cutSeed;

    long operations() {
        return operations;
    }

    void plan(Fault fault, String names, long nth) {
        if (nth < 1) {
            throw new IllegalArgumentException("the first is number 1, but was " + nth);
        }
        if (planned.size() == PLANNED) {
            throw new IllegalStateException("more than " + PLANNED + " faults are planned");
        }
        planned.add(new Planned(fault, FileSystems.getDefault().getPathMatcher("glob:" + names), nth));
    }

    void atRandom(Fault fault, double probability, long seed) {
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("a probability is between 0 and 1, but was " + probability);
        }
        odds.put(fault, new Odds(new SplittableRandom(seed), probability));
    }

    void cutAt(long nth, long seed) {
        if (nth < 1) {
            throw new IllegalArgumentException("the first operation is number 1, but was " + nth);
        }
        cutAt = operations + nth;
        cutSeed = seed;
    }

    void clear() {
        planned.clear();
        odds.clear();
        cutAt = 0;
    }

    /// Counts an operation.
    ///
    /// @return the seed of the cut that is to come in its midst
    OptionalLong next() {
        operations++;
        return operations == cutAt ? OptionalLong.of(cutSeed) : OptionalLong.empty();
    }

    /// Counts an operation of the kind that this fault befalls, and says whether it does.
    boolean strikes(Fault fault, String name) {
        boolean strikes = false;
        for (Iterator<Planned> i = planned.iterator(); i.hasNext(); ) {
            Planned plan = i.next();
            if (plan.fault == fault && plan.names.matches(Path.of(name)) && --plan.left == 0) {
                strikes = true;
                i.remove();
            }
        }
        Odds chance = odds.get(fault);
        boolean unlucky = chance != null && chance.random.nextDouble() < chance.probability;
        return strikes || unlucky;
    }
}
