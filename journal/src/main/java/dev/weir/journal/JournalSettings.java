package dev.weir.journal;

import java.time.Duration;

/// How a journal is kept. Immutable; [#standard] and the methods that change one thing each.
///
/// @param segmentBytes the size of a file; between 64 KiB and 1 GiB, and four times the buffer
/// @param bufferBytes how much may wait for the disk, twice: while one buffer is written, the other
///     fills, and then those who append wait
/// @param recordBytes the largest record
/// @param fsync what durable means
/// @param retain what is kept of what all cursors have passed
/// @param skipsCorrupt whether readers skip what is corrupt, told to the listener, instead of
///     failing there
public record JournalSettings(
        int segmentBytes, int bufferBytes, int recordBytes, Fsync fsync, Retention retain, boolean skipsCorrupt) {
    private static final int LEAST_SEGMENT = 64 * 1024;
    private static final int MOST_SEGMENT = 1024 * 1024 * 1024;
    private static final int BUFFERS_IN_SEGMENT = 4;

    /// Checks.
    ///
    /// @throws IllegalArgumentException if a number is out of its range
    public JournalSettings {
        within("a segment", segmentBytes, LEAST_SEGMENT, MOST_SEGMENT);
        within("a buffer", bufferBytes, 4 * 1024, segmentBytes / BUFFERS_IN_SEGMENT);
        // Beside the record there is always room for its header and for the cursors.
        within("a record", recordBytes, 1, bufferBytes / 2);
    }

    private static void within(String what, int bytes, int least, int most) {
        if (bytes < least || bytes > most) {
            throw new IllegalArgumentException(
                    what + " must have " + least + " to " + most + " bytes, but has " + bytes);
        }
    }

    /// Segments of 16 MiB, buffers of 2 MiB, records up to 1 MiB, always forced; what all cursors
    /// have passed goes.
    public static JournalSettings standard() {
        return new JournalSettings(
                16 * 1024 * 1024, 2 * 1024 * 1024, 1024 * 1024, new Fsync.Always(), Retention.passed(), false);
    }

    /// The same with files and buffers of another size, and records of half a buffer at most.
    public JournalSettings sizes(int segment, int buffer) {
        return new JournalSettings(segment, buffer, buffer / 2, fsync, retain, skipsCorrupt);
    }

    /// The same with another meaning of durable.
    public JournalSettings fsync(Fsync other) {
        return new JournalSettings(segmentBytes, bufferBytes, recordBytes, other, retain, skipsCorrupt);
    }

    /// The same with other retention.
    public JournalSettings retain(Retention other) {
        return new JournalSettings(segmentBytes, bufferBytes, recordBytes, fsync, other, skipsCorrupt);
    }

    /// The same, but readers skip what is corrupt.
    public JournalSettings skippingCorrupt() {
        return new JournalSettings(segmentBytes, bufferBytes, recordBytes, fsync, retain, true);
    }

    /// What is kept of the past. Only whole files go, the oldest first, and never the newest.
    ///
    /// @param bytes if all files have more than that, the oldest goes; zero to keep only what some
    ///     cursor needs
    /// @param age files whose newest record is older than that go
    /// @param passesCursors whether a file goes although a cursor has not passed it; the cursor is
    ///     then set behind it, and the listener told
    public record Retention(long bytes, Duration age, boolean passesCursors) {
        /// Checks.
        ///
        /// @throws IllegalArgumentException if a number is negative
        public Retention {
            if (bytes < 0 || age.isNegative()) {
                throw new IllegalArgumentException(
                        "retention must not be negative, but is " + bytes + " bytes, " + age);
            }
        }

        /// Keeps what some cursor has not passed, and nothing more.
        public static Retention passed() {
            return new Retention(0, Duration.ZERO, false);
        }

        /// Keeps everything.
        public static Retention all() {
            return new Retention(Long.MAX_VALUE, Duration.ofDays(Short.MAX_VALUE), false);
        }
    }
}
