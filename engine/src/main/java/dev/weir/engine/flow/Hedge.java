package dev.weir.engine.flow;

import dev.weir.engine.Reading;
import dev.weir.engine.Sink;
import dev.weir.runtime.Lane;
import dev.weir.runtime.Scheduler;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Sends a batch a second time when the first has no answer for a while; the first success counts,
/// and the other is interrupted. Belongs to one worker, whose own thread makes the first attempt;
/// the thread of the second ends before [#write] does, so that a batch never overtakes another.
///
/// Failsafe has no hedging in the line that is released.
final class Hedge {
    private final Sink sink;
    private final String name;
    private final long delayNanos;
    private final LongAdder sent;

    /// @param name of the second thread
    /// @param sent counts second attempts
    Hedge(Sink sink, String name, long delayNanos, LongAdder sent) {
        this.sink = sink;
        this.name = name;
        this.delayNanos = delayNanos;
        this.sent = sent;
    }

    void write(List<Reading> batch) throws IOException, InterruptedException {
        var race = new Race(batch, Thread.currentThread());
        Thread second = Scheduler.shared().start(Lane.SAMPLE, name, race::second);
        try {
            sink.write(batch);
            race.firstEnded();
        } catch (IOException e) {
            if (!race.firstEnded()) {
                race.awaitSecond(second, e);
            }
        } catch (InterruptedException e) {
            if (!race.firstEnded()) {
                throw e;
            }
        } catch (RuntimeException e) {
            if (!race.firstEnded()) {
                throw e;
            }
        } finally {
            end(second);
        }
    }

    /// Interrupts a thread and waits until it has ended, whatever happens meanwhile.
    private static void end(Thread second) {
        boolean interrupted = false;
        second.interrupt();
        while (true) {
            try {
                second.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
                second.interrupt();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Two attempts at one batch.
    private final class Race {
        private final List<Reading> batch;
        private final Thread first;

        // guarded by this
        private boolean firstOver;
        private boolean sending;
        private boolean worked;
        private @Nullable Throwable failure;

        Race(List<Reading> batch, Thread first) {
            this.batch = batch;
            this.first = first;
        }

        void second() {
            try {
                TimeUnit.NANOSECONDS.sleep(delayNanos);
                if (!begin()) {
                    return;
                }
                sent.increment();
                sink.write(batch);
                win();
            } catch (InterruptedException e) {
                // Nobody wants it any more.
            } catch (Throwable e) {
                fail(e);
            }
        }

        private synchronized boolean begin() {
            sending = !firstOver;
            return sending;
        }

        private synchronized void win() {
            worked = true;
            if (!firstOver) {
                first.interrupt();
            }
        }

        private synchronized void fail(Throwable e) {
            failure = e;
        }

        /// The first attempt is over, from here on it is not interrupted.
        ///
        /// @return whether the second has worked before
        synchronized boolean firstEnded() {
            firstOver = true;
            if (worked) {
                Thread.interrupted();
            }
            return worked;
        }

        /// The first attempt has failed: the second may still work.
        void awaitSecond(Thread second, IOException cause) throws IOException, InterruptedException {
            if (isSending()) {
                second.join();
            }
            if (!hasWorked()) {
                Throwable other = failure();
                if (other != null) {
                    cause.addSuppressed(other);
                }
                throw cause;
            }
        }

        private synchronized boolean isSending() {
            return sending;
        }

        private synchronized boolean hasWorked() {
            return worked;
        }

        private synchronized @Nullable Throwable failure() {
            return failure;
        }
    }
}
