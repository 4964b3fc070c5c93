package dev.weir.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// A write-ahead log in a folder of its own. Records are appended by any number of threads and
/// become durable in groups; they are read by any number of consumers, each at its own place, which
/// the journal remembers. Thread-safe.
///
/// One process writes a journal at a time. Two platform threads belong to it; those who append only
/// copy into memory, and wait on their handles.
public final class Journal implements AutoCloseable {
    private static final Duration REST = Duration.ofSeconds(1);

    private final Folder folder;
    private final JournalSettings settings;
    private final JournalListener listener;
    private final Segments segments;
    private final Cursors cursors;
    private final Pending pending;
    private final Keeper keeper;
    private final Committer committer;
    private final Thread thread;
    private final Recovery recovery;
    private final int epoch;

    private Journal(Folder folder, JournalSettings settings, JournalListener listener, Clock clock, Duration rest)
            throws IOException {
        this.folder = folder;
        this.settings = settings;
        this.listener = listener;
        this.segments = Segments.read(folder);
        this.recovery = Recovery.of(segments);
        Segments.Known newest = segments.newest();
        SegmentHeader before = newest == null ? new SegmentHeader(UUID.randomUUID(), 0, 0, 0, 0, 0) : newest.header();
        this.epoch = before.epoch() + 1;
        this.pending = new Pending(folder.path(), settings, recovery.last() + 1, epoch);
        this.cursors = new Cursors(recovery.cursors(), this::last);
        this.keeper = new Keeper(folder, settings, segments, cursors, clock, listener, rest);
        this.committer = new Committer(
                folder, settings, segments, cursors, pending, keeper, listener, rest, before, recovery.last());
        this.thread = Thread.ofPlatform().name("weir-journal").unstarted(committer);
    }

    /// Opens a journal, or makes one, and cuts off what an earlier run had begun to write. Reads the
    /// newest segment for that, and of the others a header.
    ///
    /// @param folder where its files are, and nothing else
    /// @throws InUseException if it is open already
    /// @throws CorruptException if the beginning of a file cannot be read
    public static Journal open(Path folder, JournalSettings settings) throws IOException {
        return open(folder, settings, new JournalListener() {}, Clock.systemUTC());
    }

    /// The same with somebody who is told what an operator should know.
    ///
    /// @param clock for the age of files
    public static Journal open(Path folder, JournalSettings settings, JournalListener listener, Clock clock)
            throws IOException {
        return open(folder, settings, listener, clock, REST);
    }

    /// @param rest after a failure, before anything is tried again
    static Journal open(Path folder, JournalSettings settings, JournalListener listener, Clock clock, Duration rest)
            throws IOException {
        Folder locked = Folder.lock(folder);
        try {
            Journal journal = new Journal(locked, settings, listener, clock, rest);
            journal.keeper.start();
            journal.thread.start();
            return journal;
        } catch (IOException | RuntimeException e) {
            locked.close();
            throw e;
        }
    }

    /// What opening has found.
    public Recovery recovery() {
        return recovery;
    }

    /// How often the journal has been opened to be written; with a record's sequence it is unique.
    public int epoch() {
        return epoch;
    }

    /// Appends a record. Blocks only while both buffers are full.
    ///
    /// @param payload is copied
    /// @throws TooLargeException if it is larger than a record may be
    /// @throws FullException if the disk was full a moment ago
    /// @throws ClosedException if the journal is closed
    /// @throws JournalException if writing failed a moment ago
    public Appended append(byte[] payload) throws JournalException, InterruptedException {
        return append(payload, 0, payload.length);
    }

    /// The same with a part of an array.
    public Appended append(byte[] payload, int from, int length) throws JournalException, InterruptedException {
        java.util.Objects.checkFromIndexSize(from, length, payload.length);
        committer.requireHope();
        return pending.add(payload, from, length);
    }

    /// Appends several records, one directly behind the other, that become durable together or fail
    /// together; but after a crash some of them may be there, without those behind.
    ///
    /// @throws TooLargeException if one is too large, or all together are larger than a buffer
    public Appended append(Collection<byte[]> payloads) throws JournalException, InterruptedException {
        if (payloads.isEmpty()) {
            throw new IllegalArgumentException("there is nothing to append");
        }
        committer.requireHope();
        return pending.add(payloads);
    }

    /// The first record that there is, or will be if there is none.
    public long first() {
        return segments.first();
    }

    /// The last record that is durable; less than [#first] if there is none.
    public long last() {
        return committer.durable();
    }

    /// A cursor of that name, which begins before the first record if it is not known.
    ///
    /// @param name letters, digits, dots, dashes and underscores; at most 100
    /// @throws IllegalStateException if there are 64 already
    public Cursor cursor(String name) {
        return cursors.cursor(name, first());
    }

    /// Reads from that record on. To be closed.
    ///
    /// @throws IllegalArgumentException if that is less than 1
    public Reader read(long from) {
        return new Reader(
                segments,
                new Reader.Ends() {
                    @Override
                    public long last() {
                        return committer.durable();
                    }

                    @Override
                    public void awaitBehind(long sequence) throws InterruptedException {
                        committer.awaitBehind(sequence);
                    }
                },
                settings,
                listener,
                folder.path(),
                from);
    }

    /// What it has and has done.
    public JournalStats stats() throws IOException {
        Figures figures = committer.figures();
        JournalException trouble = committer.trouble();
        return new JournalStats(
                first(),
                last(),
                segments.all().size(),
                segments.bytes(),
                figures.records(),
                figures.bytes(),
                figures.commits(),
                figures.forces(),
                figures.forceNanos(),
                Map.copyOf(cursors.positions()),
                trouble == null ? Optional.empty() : Optional.of(String.valueOf(trouble.getMessage())));
    }

    /// Takes nothing more, writes and forces what waits, saves the cursors, and ends both threads.
    /// Blocks for as long as the disk takes. Does nothing the second time.
    @Override
    public void close() throws IOException {
        pending.close();
        Threads.join(thread);
        try {
            keeper.close();
        } finally {
            folder.close();
        }
    }
}
