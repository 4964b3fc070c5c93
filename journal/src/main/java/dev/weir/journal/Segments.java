package dev.weir.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The segments of a journal, from the oldest to the newest. Thread-safe.
final class Segments {
    private final Path folder;

    // guarded by this
    private final List<Known> known = new ArrayList<>();

    /// A segment.
    ///
    /// @param end the last record that counts in it; [Long#MAX_VALUE] for the newest
    record Known(Path file, SegmentHeader header, long end) {
        private Known upTo(long last) {
            return new Known(file, header, last);
        }

        /// Whether there is no record in it.
        boolean isEmpty() {
            return end < header.first();
        }
    }

    private Segments(Path folder) {
        this.folder = folder;
    }

    /// Reads the headers.
    ///
    /// @throws CorruptException if a header cannot be read, or belongs to another journal
    static Segments read(Folder folder) throws IOException {
        var segments = new Segments(folder.path());
        for (Map.Entry<Long, Path> file : folder.segments().entrySet()) {
            Path path = file.getValue();
            SegmentHeader header;
            try (FileChannel channel = FileChannel.open(path)) {
                header = SegmentHeader.read(path, channel);
            } catch (NoSuchFileException e) {
                continue; // retention was faster than a look from outside
            }
            if (header.number() != file.getKey()) {
                throw new CorruptException(path, 0, header.first(), "it is segment " + header.number());
            }
            Known newest = segments.newest();
            if (newest != null && !newest.header.journal().equals(header.journal())) {
                throw new CorruptException(path, 0, header.first(), "it belongs to another journal");
            }
            segments.add(path, header);
        }
        return segments;
    }

    /// A new segment begins, and with it the one before ends.
    synchronized void add(Path file, SegmentHeader header) {
        if (!known.isEmpty()) {
            Known before = known.removeLast();
            // Of one that is missing between, the end of this one is not known.
            known.add(before.upTo(before.header.number() + 1 == header.number() ? header.before() : Long.MAX_VALUE));
        }
        known.add(new Known(file, header, Long.MAX_VALUE));
    }

    synchronized @Nullable Known newest() {
        return known.isEmpty() ? null : known.getLast();
    }

    synchronized @Nullable Known oldest() {
        return known.isEmpty() ? null : known.getFirst();
    }

    synchronized List<Known> all() {
        return List.copyOf(known);
    }

    /// The sequence of the first record that there is, or will be.
    synchronized long first() {
        return known.isEmpty() ? 1 : known.getFirst().header.first();
    }

    /// The segment in which that record is, or would be if nothing was lost; null if there is none
    /// yet.
    ///
    /// @throws GoneException if it was removed
    synchronized @Nullable Known of(long sequence) throws GoneException {
        if (known.isEmpty()) {
            return null;
        }
        if (sequence < first()) {
            throw new GoneException(folder, sequence, first());
        }
        for (int i = known.size() - 1; i >= 0; i--) {
            if (known.get(i).header.first() <= sequence) {
                return known.get(i);
            }
        }
        return null;
    }

    /// The segment behind that one; null if it is the newest.
    synchronized @Nullable Known after(Known segment) {
        for (Known each : known) {
            if (each.header.number() > segment.header.number()) {
                return each;
            }
        }
        return null;
    }

    /// Forgets the oldest.
    synchronized void removeOldest() {
        known.removeFirst();
    }

    /// How many bytes their files have.
    long bytes() throws IOException {
        long sum = 0;
        for (Known each : all()) {
            try {
                sum += Files.size(each.file);
            } catch (NoSuchFileException e) {
                // It was removed this moment.
            }
        }
        return sum;
    }
}
