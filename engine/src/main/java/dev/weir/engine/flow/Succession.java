package dev.weir.engine.flow;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The runs of one worker, one after the other: normally there is a single one for as long as the
/// flow runs.
///
/// @param <T> the type of the elements that they work on
final class Succession<T> {
    /// One run.
    interface Run<T> {
        /// Takes over what a predecessor has left, before it begins.
        void adopt(List<Object> batch);

        /// How many elements it has taken and not accounted for. Any thread.
        int inHand();

        /// Takes everything from it, for ever. Any thread.
        Rest<T> replace();
    }

    /// Those that may have something in hand: the latest, and any that were given up and go on.
    private final Set<Run<T>> running = ConcurrentHashMap.newKeySet();

    private volatile @Nullable Run<T> latest;

    /// A run begins with what the latest has left; from now on it is the one to be succeeded. Only
    /// one thread at a time.
    ///
    /// @return what was left; its batch is the run's
    Rest<T> begin(Run<T> run) {
        Run<T> before = latest;
        running.add(run);
        Rest<T> rest = before == null ? Rest.nothing() : before.replace();
        run.adopt(rest.batch());
        // At once: whatever fails from here on finds a run that has the batch.
        latest = run;
        running.removeIf(each -> !each.equals(run) && each.inHand() == 0);
        return rest;
    }

    /// The thread of a run ends; what it has in hand is for its successor.
    void end(Run<T> run) {
        if (!run.equals(latest)) {
            running.remove(run);
        }
    }

    /// Takes everything from the latest run, for ever, when none succeeds it.
    Rest<T> giveUp() {
        Run<T> last = latest;
        return last == null ? Rest.nothing() : last.replace();
    }

    /// How many elements all of them have in hand.
    int inHand() {
        int sum = 0;
        for (Run<T> run : running) {
            sum += run.inHand();
        }
        return sum;
    }
}
