package dev.weir.connect.file;

import dev.weir.engine.Inlet;
import dev.weir.engine.Receipt;
import java.util.ArrayDeque;

/// How far a file is acknowledged: lines may be acknowledged in any order, but only past the first
/// that is not does reading go on after a restart. At most `window` lines wait.
///
/// One thread begins lines, any thread settles them.
final class Progress {
    private final int window;

    /// Guarded by this, in the order of the file.
    private final ArrayDeque<Line> waiting = new ArrayDeque<>();

    /// Guarded by this.
    private long settled;

    /// Guarded by this: how many of `waiting` are not settled.
    private int open;

    /// Guarded by this.
    private boolean overloaded;

    Progress(int window, long settled) {
        this.window = window;
        this.settled = settled;
    }

    private enum State {
        OPEN,
        DONE,
        OVERLOADED
    }

    /// A line that was handed over.
    final class Line implements Inlet.Ack {
        private final long end;

        /// Guarded by the progress.
        private State state = State.OPEN;

        private Line(long end) {
            this.end = end;
        }

        @Override
        public void settle(Receipt receipt) {
            Progress.this.settle(
                    this,
                    switch (receipt) {
                        case Receipt.Accepted _, Receipt.Unmatched _, Receipt.Undecodable _ -> State.DONE;
                        case Receipt.Overloaded _ -> State.OVERLOADED;
                    });
        }
    }

    private synchronized void settle(Line line, State state) {
        if (line.state != State.OPEN) {
            return;
        }
        line.state = state;
        overloaded |= state == State.OVERLOADED;
        open--;
        advance();
        notifyAll();
    }

    private void advance() {
        while (!waiting.isEmpty() && waiting.getFirst().state == State.DONE) {
            settled = waiting.removeFirst().end;
        }
    }

    /// Takes a line that ends at `end` into the window; blocks while that is full. Not when a line
    /// before was refused for overload: reading must go back to it first.
    synchronized Line begin(long end) throws InterruptedException {
        while (waiting.size() >= window && !overloaded) {
            wait();
        }
        Line line = new Line(end);
        waiting.addLast(line);
        open++;
        return line;
    }

    /// Goes past a line that is not handed over.
    void pass(long end) throws InterruptedException {
        begin(end).settle(Receipt.ACCEPTED);
    }

    /// If the last line that was begun was refused for overload, takes it back.
    synchronized boolean takeBack(Line line) {
        if (line.state != State.OVERLOADED) {
            return false;
        }
        waiting.removeLast();
        overloaded = waiting.stream().anyMatch(earlier -> earlier.state == State.OVERLOADED);
        return true;
    }

    /// Takes back a line whose handing over was interrupted.
    synchronized void forget(Line line) {
        if (line.state == State.OPEN && waiting.removeLastOccurrence(line)) {
            open--;
        }
    }

    /// Whether a line was refused after later ones were handed over.
    synchronized boolean isOverloaded() {
        return overloaded;
    }

    /// Waits until every line is settled.
    synchronized void awaitSettled() throws InterruptedException {
        while (open > 0) {
            wait();
        }
    }

    /// Up to where every line is settled.
    synchronized long settled() {
        return settled;
    }
}
