package dev.weir.bench.cells;

import java.util.List;

/// A library of channels, on the threads that it is made for.
public abstract class Library {
    /// A G's work.
    @FunctionalInterface
    protected interface Work {
        /// Does it.
        void run() throws InterruptedException;
    }

    /// Receives from the first channel that has something.
    @FunctionalInterface
    protected interface Choice {
        /// Waits, and returns what was received.
        Integer receive() throws InterruptedException;
    }

    /// Starts a G.
    protected abstract void start(Runnable task);

    /// Makes a channel.
    ///
    /// @param capacity 0 for one without a buffer
    protected abstract Pipe pipe(int capacity);

    /// A select over receives from these channels.
    protected Choice choice(List<Pipe> pipes) {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " has no select");
    }

    /// A select over a receive and a timeout of a second that does not come to pass.
    protected Choice choiceWithTimeout(Pipe pipe) {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " has no select");
    }

    /// Starts a G. If its work fails, the process does.
    final void go(Work work) {
        start(() -> {
            try {
                work.run();
            } catch (Throwable e) {
                e.printStackTrace();
                Runtime.getRuntime().halt(1);
            }
        });
    }
}
