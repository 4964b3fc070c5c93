package dev.weir.engine.size;

import dev.weir.engine.size.Sizing.Load;
import dev.weir.engine.size.Sizing.Row;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Decides how many workers a segment is to have, while it runs: follows [Sizing], slowly.
///
/// It looks at windows of [Limits#window]. A window in which too little was measured is made
/// longer. More workers come when the model says that p99 gets better by 15 % in two windows in a
/// row, or at once when those there are cannot do it; fewer when in three windows in a row the
/// model says that p99 gets worse by 5 % at most, and the rest are busy for 70 % of the time at
/// most. For one and the same load the two exclude each other, so a constant load does not make it
/// swing.
///
/// Two things the model does not know. Work that computes gains nothing beyond the processors: what
/// takes less than 0.2 ms is taken to be such. And where most of the time goes into waiting for
/// room behind the stages, the sink is too slow, and more workers would only wait with the others.
///
/// One thread.
public final class Adaptation {
    private static final double COMPUTES_NANOS = 200_000;
    private static final int FEWEST_SAMPLES = 30;
    private static final int LONGEST = 30;
    private static final double GAIN = 0.85;
    private static final double LOSS = 1.05;
    private static final double FULL = 0.95;
    private static final double BUSY = 0.7;
    private static final double MOST_CV = 10;
    private static final int VOTES_UP = 2;
    private static final int VOTES_DOWN = 3;
    private static final double CLOSE = 0.1;

    private final Limits limits;

    /// Where the window began; null before the first look.
    private @Nullable Look begin;

    /// How many windows in a row wanted more (above 0) or fewer (below), and what they agree on.
    private int votes;

    private int agreed;

    /// The last load that was computed, and what it gave.
    private @Nullable Sizing computed;

    /// What it keeps to.
    ///
    /// @param least at least so many
    /// @param most at most so many
    /// @param processors of the machine
    /// @param windowNanos how long it looks before it decides
    public record Limits(int least, int most, int processors, long windowNanos) {
        public Limits {
            if (least < 1 || most < least || processors < 1 || windowNanos < 1) {
                throw new IllegalArgumentException("expected 1 <= least <= most, processors and a window above 0, but"
                        + " was " + least + ", " + most + ", " + processors + ", " + windowNanos);
            }
        }
    }

    /// What was seen at a moment; all counts are since the start.
    ///
    /// @param nanos when, by a clock that never runs backwards
    /// @param workers how many there are
    /// @param arrived how many readings have come
    /// @param crowded whether the queue is half full or more
    /// @param samples how many service times were measured
    /// @param meanNanos their mean
    /// @param deviationNanos their standard deviation
    /// @param stageNanos the sum of the means of all stages
    public record Look(
            long nanos,
            int workers,
            long arrived,
            boolean crowded,
            long samples,
            double meanNanos,
            double deviationNanos,
            double stageNanos) {
        private double sum() {
            return samples * meanNanos;
        }

        private double squares() {
            return Math.max(0, samples - 1) * deviationNanos * deviationNanos + samples * meanNanos * meanNanos;
        }
    }

    /// How many there are to be.
    ///
    /// @param workers how many
    /// @param why for people
    public record Change(int workers, String why) {}

    /// @param limits what it keeps to
    public Adaptation(Limits limits) {
        this.limits = limits;
    }

    /// Looks again; as often as one likes, but at least once in a window.
    ///
    /// @return what is to be changed; mostly nothing
    public Optional<Change> look(Look now) {
        Look from = begin;
        if (from == null || now.samples < from.samples || now.arrived < from.arrived) {
            begin = now;
            return Optional.empty();
        }
        long taken = now.nanos - from.nanos;
        if (taken < limits.windowNanos) {
            return Optional.empty();
        }
        if (now.samples - from.samples < FEWEST_SAMPLES) {
            if (taken > LONGEST * limits.windowNanos) {
                begin = now; // what came so long ago says nothing about now
            }
            return Optional.empty();
        }
        begin = now;
        Optional<Change> change = decide(from, now, (now.arrived - from.arrived) / (taken / 1e9));
        if (change.isPresent()) {
            votes = 0;
        }
        return change;
    }

    private Optional<Change> decide(Look from, Look now, double perSecond) {
        double samples = now.samples - from.samples;
        double mean = (now.sum() - from.sum()) / samples;
        double variance = Math.max(0, (now.squares() - from.squares()) / samples - mean * mean);
        if (!(perSecond > 0) || !(mean > 0)) {
            return Optional.empty();
        }
        if (mean > COMPUTES_NANOS && now.stageNanos < mean / 2) {
            votes = 0;
            return Optional.empty();
        }
        int most =
                mean < COMPUTES_NANOS ? Math.max(limits.least, Math.min(limits.most, limits.processors)) : limits.most;
        Sizing sizing = sizing(perSecond, mean / 1e9, Math.min(MOST_CV, Math.sqrt(variance) / mean));
        List<Row> rows = sizing.rows();
        Row present = rows.get(Math.clamp(now.workers, 1, rows.size()) - 1);
        boolean full = !present.stable() || present.utilisation() >= FULL || now.crowded;
        int wanted = Math.clamp(wanted(sizing, full ? now.workers + 1 : limits.least), limits.least, most);
        return change(now.workers, wanted, present, rows.get(wanted - 1), full, seen(perSecond, mean, present));
    }

    private static int wanted(Sizing sizing, int least) {
        return Math.max(least, sizing.sweetSpot().orElse(sizing.rows().size()));
    }

    private Optional<Change> change(int workers, int wanted, Row present, Row then, boolean full, String seen) {
        if (wanted > workers) {
            if (full) {
                return Optional.of(new Change(wanted, "those there cannot do it: " + seen));
            }
            return vote(1, wanted, then.p99Seconds() <= present.p99Seconds() * GAIN, VOTES_UP)
                    ? Optional.of(new Change(agreed, gain(present, then) + ": " + seen))
                    : Optional.empty();
        }
        boolean spare = wanted < workers
                && !full
                && then.p99Seconds() <= present.p99Seconds() * LOSS
                && then.utilisation() <= BUSY;
        return vote(-1, wanted, spare, VOTES_DOWN)
                ? Optional.of(new Change(agreed, "fewer do as well: " + seen))
                : Optional.empty();
    }

    /// Whether so many windows in a row agree on a direction; then `agreed` is what the most
    /// careful of them wants.
    private boolean vote(int direction, int wanted, boolean yes, int needed) {
        if (!yes) {
            votes = 0;
            return false;
        }
        if (votes * direction <= 0) {
            votes = 0;
            agreed = wanted;
        }
        votes += direction;
        // Not further than the least eager window: the fewest more, the fewest fewer.
        agreed = direction > 0 ? Math.min(agreed, wanted) : Math.max(agreed, wanted);
        return Math.abs(votes) >= needed;
    }

    /// Rows up to the most; computed anew only when the load is another one, since it takes
    /// milliseconds.
    private Sizing sizing(double perSecond, double meanSeconds, double cv) {
        Sizing last = computed;
        if (last != null && isClose(last.load(), perSecond, meanSeconds, cv)) {
            return last;
        }
        Load load = new Load(
                perSecond,
                1,
                ServiceTime.of(meanSeconds, cv),
                Scalability.LINEAR,
                // Whoever has a place works for whatever part of the devices has something to do.
                Queueing.SHARED,
                OptionalInt.empty());
        Sizing next = Sizing.of(load, limits.most);
        computed = next;
        return next;
    }

    private static boolean isClose(Load load, double perSecond, double meanSeconds, double cv) {
        return Math.abs(load.perSecond() / perSecond - 1) < CLOSE
                && Math.abs(load.service().meanSeconds() / meanSeconds - 1) < CLOSE
                && Math.abs(load.service().cv() - cv) < CLOSE;
    }

    private static String gain(Row present, Row then) {
        return String.format(
                Locale.ROOT,
                "p99 of %.3g ms instead of %.3g ms by the model",
                1e3 * then.p99Seconds(),
                1e3 * present.p99Seconds());
    }

    private static String seen(double perSecond, double meanNanos, Row present) {
        return String.format(
                Locale.ROOT,
                "%.4g/s of %.3g ms, %.0f %% busy",
                perSecond,
                meanNanos / 1e6,
                100 * present.utilisation());
    }
}
