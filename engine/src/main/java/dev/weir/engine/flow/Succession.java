package dev.weir.engine.flow;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The runs of one worker, one after the other: normally there is a single one for as long as the
/// flow runs.
///
/// @param <R> a run
final class Succession<R extends Succession.Run> {
    /// One run.
    interface Run {
        /// How many elements it has taken and not accounted for.
        int inHand();
    }

    /// Those that may have something in hand: the latest, and any that were given up and go on.
    private final Set<R> running = ConcurrentHashMap.newKeySet();

    private volatile @Nullable R latest;

    /// A run begins; from now on it is the one to be succeeded.
    void begin(R run) {
        running.add(run);
        latest = run;
    }

    /// The run before has been taken over from, and may have ended.
    void end(R run) {
        running.remove(run);
    }

    /// The run that is to be succeeded; null if there was none.
    @Nullable
    R latest() {
        return latest;
    }

    /// How many elements all of them have in hand.
    int inHand() {
        int sum = 0;
        for (R run : running) {
            sum += run.inHand();
        }
        return sum;
    }
}
