package dev.weir.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// Records that become durable together, with one write and one force. Thread-safe.
public final class Commit {
    private final CountDownLatch settled = new CountDownLatch(1);
    private volatile @Nullable JournalException failure;

    // guarded by this
    private @Nullable List<Action> actions = new ArrayList<>();

    Commit() {}

    /// Is told what has become of a commit.
    @FunctionalInterface
    public interface Action {
        /// Says what has become of it.
        ///
        /// @param failure why it did not become durable; null if it did
        void settled(@Nullable JournalException failure);
    }

    boolean isDurable() {
        return settled.getCount() == 0 && failure == null;
    }

    void await() throws JournalException, InterruptedException {
        settled.await();
        JournalException why = failure;
        if (why != null) {
            throw why;
        }
    }

    void whenSettled(Action action) {
        synchronized (this) {
            if (actions != null) {
                actions.add(action);
                return;
            }
        }
        action.settled(failure);
    }

    /// Only by the journal's thread, once.
    void settle(@Nullable JournalException why, JournalListener listener) {
        failure = why;
        settled.countDown();
        List<Action> told;
        synchronized (this) {
            told = actions == null ? List.of() : actions;
            actions = null;
        }
        for (Action action : told) {
            try {
                action.settled(why);
            } catch (Throwable e) {
                listener.threw(e);
            }
        }
    }
}
