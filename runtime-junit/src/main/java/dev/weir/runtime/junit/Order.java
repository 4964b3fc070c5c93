package dev.weir.runtime.junit;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/// Decides who of a bubble's runnable threads runs next. Everything follows from its seed and from
/// what it is asked, in that order; so the same seed gives the same schedule.
sealed interface Order {
    /// Who takes the next turn; not removed from the list.
    G next(List<G> runnable);

    /// Who runs after a point that `current` has reached: it itself or a runnable one.
    G atPoint(G current, List<G> runnable);

    /// Takes note of a thread that is new.
    void born(G born);

    /// Takes note of a thread that gave up its turn by itself.
    void yielded(G willing);

    /// A number from `origin` (inclusive) to `bound` (exclusive).
    int choose(int origin, int bound);

    /// The order that a seed means: half of them walk at random, the others have priorities.
    ///
    /// Its top byte is the binary logarithm of how many points the schedule is expected to have.
    static Order of(long seed) {
        var random = new SplittableRandom(seed);
        int depth = random.nextInt(6) - 2;
        return depth <= 0 ? new RandomWalk(random) : new Priorities(random, depth, 1 << ((seed >>> 56) & 31));
    }

    /// A seed for [#of(long)].
    ///
    /// @param points how many points the schedule is expected to have
    static long seed(SplittableRandom from, long points) {
        long log = 64L - Long.numberOfLeadingZeros(Math.clamp(points, 1, 1 << 24));
        return (log << 56) | (from.nextLong() >>> 8);
    }

    /// First come, first served; nobody is interrupted at a point.
    record Fifo(SplittableRandom random) implements Order {
        @Override
        public G next(List<G> runnable) {
            return runnable.getFirst();
        }

        @Override
        public G atPoint(G current, List<G> runnable) {
            return current;
        }

        @Override
        public void born(G born) {}

        @Override
        public void yielded(G willing) {}

        @Override
        public int choose(int origin, int bound) {
            return random.nextInt(origin, bound);
        }
    }

    /// At each point anybody, with the same probability. Finds what needs many switches close
    /// together.
    record RandomWalk(SplittableRandom random) implements Order {
        @Override
        public G next(List<G> runnable) {
            return runnable.get(random.nextInt(runnable.size()));
        }

        @Override
        public G atPoint(G current, List<G> runnable) {
            int pick = random.nextInt(runnable.size() + 1);
            return pick == runnable.size() ? current : runnable.get(pick);
        }

        @Override
        public void born(G born) {}

        @Override
        public void yielded(G willing) {}

        @Override
        public int choose(int origin, int bound) {
            return random.nextInt(origin, bound);
        }
    }

    /// Probabilistic concurrency testing (Burckhardt and others, 2010): each thread has a random
    /// priority, the highest runs, and at a few random points of the schedule the running one
    /// becomes the lowest. A bug that needs d such changes in a schedule of k points and n threads
    /// is found with a probability of at least 1/(n·k^d). Different from the paper, a thread that
    /// yields becomes the lowest too: else one that waits in a loop would run for ever.
    final class Priorities implements Order {
        private final SplittableRandom random;
        private final Set<Long> changes = new HashSet<>();
        private long points;
        private long lowest;

        Priorities(SplittableRandom random, int depth, int expectedPoints) {
            this.random = random;
            for (int i = 0; i < depth; i++) {
                changes.add(random.nextLong(expectedPoints) + 1);
            }
        }

        @Override
        public void born(G born) {
            born.priority = 1L + random.nextInt(1 << 30);
        }

        @Override
        public void yielded(G willing) {
            willing.priority = --lowest;
        }

        @Override
        public G next(List<G> runnable) {
            G highest = runnable.getFirst();
            for (G each : runnable) {
                if (each.priority > highest.priority) {
                    highest = each;
                }
            }
            return highest;
        }

        @Override
        public G atPoint(G current, List<G> runnable) {
            points++;
            if (changes.contains(points)) {
                current.priority = --lowest;
            }
            if (runnable.isEmpty()) {
                return current;
            }
            G highest = next(runnable);
            return highest.priority > current.priority ? highest : current;
        }

        @Override
        public int choose(int origin, int bound) {
            return random.nextInt(origin, bound);
        }
    }
}
