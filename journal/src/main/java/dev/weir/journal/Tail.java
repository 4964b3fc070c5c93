package dev.weir.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The end of the newest segment, as a run that was cut off has left it.
///
/// What cannot be read there was either never forced, then nobody was told that it is durable and
/// it is cut off with all behind it; or it was forced and is corrupt. Each record says up to which
/// one everything had been forced when it was written, so a whole record further on tells: if the
/// first that cannot be read had been forced by then, it is corrupt, and what is behind it counts.
/// Only of the last records that were forced, which nobody has written after, this cannot be told.
///
/// @param last the last record that counts
/// @param records how many records count
/// @param end where in the file what counts ends
/// @param cursors of the last record of cursors; null if there is none
/// @param cutRecords how many whole records behind the end are cut off
/// @param cutBytes from the end to the last byte that is not zero, roughly
/// @param corrupt places that are corrupt, with records that count behind them
record Tail(
        long last,
        long records,
        long end,
        @Nullable Map<String, Long> cursors,
        long cutRecords,
        long cutBytes,
        List<CorruptException> corrupt) {

    static Tail read(Path file) throws IOException {
        try (Scan scan = Scan.open(file)) {
            return new Reading(scan).read();
        }
    }

    /// The same of a file whose own header cannot be read.
    static Tail read(Path file, SegmentHeader header) throws IOException {
        try (Scan scan = Scan.open(file, header)) {
            return new Reading(scan).read();
        }
    }

    /// Cuts off what does not count, so that the file ends with what does.
    void cut(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            if (channel.size() > end) {
                channel.truncate(end);
                channel.force(true);
            }
        }
    }

    private static final class Reading {
        private final Scan scan;
        private final List<CorruptException> corrupt = new ArrayList<>();

        private long last;
        private long records;
        private long end;
        private @Nullable Map<String, Long> cursors;

        // since the first place that cannot be read
        private final List<CorruptException> doubtful = new ArrayList<>();
        private @Nullable Map<String, Long> doubtfulCursors;
        private long doubtfulRecords;
        private long doubtfulEnd;

        Reading(Scan scan) {
            this.scan = scan;
            this.last = scan.last();
            this.end = scan.offset();
        }

        Tail read() throws IOException {
            while (true) {
                switch (scan.next()) {
                    case Scan.Step.Found(var header) -> found(header);
                    case Scan.Step.Bad(var offset, var what) -> {
                        doubtfulEnd = offset + Records.HEADER;
                        doubtful.add(new CorruptException(scan.file(), offset, scan.last() + 1, what));
                        var header = scan.resume(Long.MAX_VALUE);
                        if (header == null) {
                            return result();
                        }
                    }
                    case Scan.Step.End() -> {
                        return result();
                    }
                }
            }
        }

        private void found(Records.Header header) throws CorruptException {
            Map<String, Long> places = header.kind() == Records.CURSORS
                    ? Cursors.read(scan.payload(header), scan.file(), scan.offset(), header.sequence())
                    : null;
            if (!doubtful.isEmpty() && header.forced() >= doubtful.getFirst().firstLost()) {
                corrupt.addAll(doubtful);
                doubtful.clear();
                if (doubtfulCursors != null) {
                    cursors = doubtfulCursors;
                }
            }
            if (doubtful.isEmpty()) {
                last = header.sequence();
                records += doubtfulRecords + (header.kind() == Records.DATA ? 1 : 0);
                doubtfulRecords = 0;
                end = scan.offset();
                cursors = places == null ? cursors : places;
            } else {
                doubtfulRecords += header.kind() == Records.DATA ? 1 : 0;
                doubtfulCursors = places == null ? doubtfulCursors : places;
                doubtfulEnd = scan.offset();
            }
        }

        private Tail result() {
            boolean cuts = !doubtful.isEmpty();
            return new Tail(
                    last,
                    records,
                    end,
                    cursors,
                    cuts ? doubtfulRecords : 0,
                    cuts ? doubtfulEnd - end : 0,
                    List.copyOf(corrupt));
        }
    }
}
