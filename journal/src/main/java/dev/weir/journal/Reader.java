package dev.weir.journal;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Reads records in their order, as far as they are durable, and waits for more. Reads files, which
/// keeps a carrier: long reading belongs on a platform thread. Not thread-safe.
///
/// An interrupt during a read fails with [java.nio.channels.ClosedByInterruptException]; the reader
/// can be used again, and goes on where it was.
public final class Reader implements AutoCloseable {
    private final Segments segments;
    private final Ends ends;
    private final boolean skipsCorrupt;
    private final JournalListener listener;
    private final Path folder;

    /// The record that is wanted next.
    private long wanted;

    /// Up to here records can be read from the segment at hand.
    private long limit;

    private Segments.@Nullable Known segment;
    private @Nullable Scan scan;
    private boolean closed;

    /// How far one can read.
    interface Ends {
        long last();

        void awaitBehind(long sequence) throws InterruptedException;
    }

    Reader(Segments segments, Ends ends, JournalSettings settings, JournalListener listener, Path folder, long from) {
        if (from < 1) {
            throw new IllegalArgumentException("records begin with 1, but " + from + " was asked for");
        }
        this.segments = segments;
        this.ends = ends;
        this.skipsCorrupt = settings.skipsCorrupt();
        this.listener = listener;
        this.folder = folder;
        this.wanted = from;
        this.limit = from - 1;
    }

    /// The record that comes next, if it is not lost.
    public long position() {
        return wanted;
    }

    /// The next record; null if there is none that is durable. Does not wait for one.
    ///
    /// @throws CorruptException if it is not what was written, each time, unless such are skipped
    /// @throws GoneException if it was removed
    public @Nullable Entry next() throws IOException {
        if (closed) {
            throw new ClosedException(folder);
        }
        while (wanted <= limit || advance()) {
            Entry entry;
            try {
                entry = read();
            } catch (java.nio.channels.ClosedChannelException e) {
                forget();
                throw e;
            }
            if (entry != null) {
                wanted = entry.sequence() + 1;
                return entry;
            }
        }
        return null;
    }

    /// The next record; waits for it. Null when the journal is closed and there will be none.
    ///
    /// @throws CorruptException if it is not what was written, each time, unless such are skipped
    /// @throws GoneException if it was removed
    public @Nullable Entry take() throws IOException, InterruptedException {
        Entry entry = next();
        if (entry == null) {
            ends.awaitBehind(wanted - 1);
            entry = next();
        }
        return entry;
    }

    /// Finds the segment of the record that is wanted, and how far it can be read there; false if
    /// it is not durable yet.
    private boolean advance() throws IOException {
        while (true) {
            long last = ends.last();
            if (wanted > last) {
                return false;
            }
            Segments.Known found = segments.of(wanted);
            if (found == null) {
                throw new CorruptException(folder, 0, wanted, "its files are not there");
            }
            if (!sameFile(found)) {
                forget();
            }
            segment = found;
            if (wanted <= found.end()) {
                limit = Math.min(last, found.end());
                return true;
            }
            Segments.Known after = segments.after(found);
            if (after == null) {
                return false;
            }
            // Numbers of records that failed, which nobody has.
            wanted = after.header().first();
        }
    }

    private boolean sameFile(Segments.Known other) {
        return segment != null && segment.header().number() == other.header().number();
    }

    /// The record that is wanted; null if there was none, and something else is wanted now.
    private @Nullable Entry read() throws IOException {
        Scan from = scanAtWanted();
        boolean fresh = false;
        while (true) {
            Scan.Step step = from.next();
            if (!fresh && !(step instanceof Scan.Step.Found)) {
                // What was read before it was written.
                from.forgetBehind();
                fresh = true;
                step = from.next();
            }
            switch (step) {
                case Scan.Step.Found(var header) -> {
                    if (header.kind() == Records.DATA && header.sequence() >= wanted) {
                        return new Entry(header.sequence(), header.epoch(), from.payload(header));
                    }
                    if (header.kind() == Records.LOST && header.sequence() >= wanted) {
                        return lost(from, from.offset(), header.sequence(), "records that a repair could not save");
                    }
                }
                case Scan.Step.Bad(var offset, var what) -> {
                    return bad(from, offset, what);
                }
                case Scan.Step.End() -> {
                    return ended(from);
                }
            }
        }
    }

    private @Nullable Entry bad(Scan from, long offset, String what) throws IOException {
        if (!skipsCorrupt) {
            forget();
            throw new CorruptException(from.file(), offset, wanted, what);
        }
        Records.Header found = from.resume(limit);
        return lost(from, offset, found == null ? limit : from.last(), what);
    }

    /// The file has less than it should.
    private @Nullable Entry ended(Scan from) throws IOException {
        long to = limit;
        Segments.Known at = segment;
        Segments.Known after = at == null ? null : segments.after(at);
        if (at != null
                && after != null
                && after.header().number() != at.header().number() + 1) {
            to = after.header().first() - 1;
        }
        return lost(from, from.offset(), to, "the file ends, or the one after it is missing");
    }

    private @Nullable Entry lost(Scan from, long offset, long last, String what) throws IOException {
        if (!skipsCorrupt) {
            forget();
            throw new CorruptException(from.file(), offset, wanted, what);
        }
        if (last >= wanted) {
            listener.skipped(from.file(), offset, wanted, last);
            wanted = last + 1;
        }
        limit = wanted - 1;
        return null;
    }

    private Scan scanAtWanted() throws IOException {
        Scan now = scan;
        if (now == null) {
            Segments.Known at = java.util.Objects.requireNonNull(segment, "it was found");
            now = open(at);
            scan = now;
            while (now.last() < wanted - 1) {
                switch (now.next()) {
                    case Scan.Step.Found _ -> {}
                    case Scan.Step.Bad _ -> {
                        if (now.resume(limit) == null) {
                            return now;
                        }
                    }
                    case Scan.Step.End() -> {
                        return now;
                    }
                }
            }
        }
        return now;
    }

    private Scan open(Segments.Known at) throws IOException {
        try {
            return Scan.open(at.file());
        } catch (java.nio.file.NoSuchFileException e) {
            if (segments.first() > wanted) {
                throw new GoneException(folder, wanted, segments.first());
            }
            throw new CorruptException(at.file(), 0, wanted, "the file is not there");
        }
    }

    private void forget() {
        Scan now = scan;
        scan = null;
        if (now != null) {
            try {
                now.close();
            } catch (IOException e) {
                listener.threw(e); // it was only read
            }
        }
    }

    /// Closes the file. Does nothing the second time.
    @Override
    public void close() {
        closed = true;
        forget();
    }
}
