package dev.weir.cli;

import dev.weir.cli.Recording.Row;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Plays rows to a sender, as fast as it takes them or at the pace at which they were recorded.
final class Player {
    private final RowTemplate address;
    private final @Nullable Pace pace;
    private final AtomicLong sent = new AtomicLong();

    /// When each row is due.
    ///
    /// @param column the column with the recorded time
    /// @param speed how many times faster than recorded
    /// @param origin the recorded time that is due at `start`
    /// @param start the reading of `clock` at which playing began
    /// @param clock a monotonic clock in nanoseconds
    record Pace(String column, double speed, Instant origin, long start, LongSupplier clock) {
        void await(Instant recorded) throws InterruptedException {
            long due = start + (long) (Duration.between(origin, recorded).toNanos() / speed);
            for (long left = due - clock.getAsLong(); left > 0; left = due - clock.getAsLong()) {
                LockSupport.parkNanos(this, left);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
        }
    }

    Player(RowTemplate address, @Nullable Pace pace) {
        this.address = address;
        this.pace = pace;
    }

    /// Sends one row when it is due.
    void play(Row row, Recording recording, Sender sender) throws IOException, InterruptedException {
        if (pace != null) {
            pace.await(recording.time(row, pace.column()));
        }
        sender.send(address.fill(row.values(), recording::place), row.json().getBytes(StandardCharsets.UTF_8));
        sent.incrementAndGet();
    }

    /// How many rows were sent so far.
    long sent() {
        return sent.get();
    }
}
