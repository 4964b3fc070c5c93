package dev.weir.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a look at every byte of a journal has found. The journal may be in use meanwhile: then its
/// newest segment ends somewhere in what is just being written.
///
/// @param segments from the oldest to the newest
/// @param cursors where cursors are
/// @param faults what is not as it was written, in words; empty if all is well
/// @param tornBytes how much at the end of the newest segment was begun and never became durable,
///     which is nothing to worry about: opening the journal cuts it off
public record Verification(List<SegmentLine> segments, Map<String, Long> cursors, List<String> faults, long tornBytes) {

    /// A segment.
    ///
    /// @param file its file
    /// @param bytes the file's size
    /// @param epoch in which it was written
    /// @param first its first record
    /// @param last its last record; less than the first if there is none
    /// @param records how many can be read
    public record SegmentLine(Path file, long bytes, int epoch, long first, long last, long records) {}

    /// Reads the whole journal. Takes as long as reading its files; blocks on them.
    ///
    /// @throws JournalException if there is no journal
    public static Verification of(Path folder) throws IOException {
        Look look = new Look();
        look.all(Folder.look(folder));
        return new Verification(
                List.copyOf(look.lines), new TreeMap<>(look.cursors), List.copyOf(look.faults), look.tornBytes);
    }

    private static final class Look {
        private final List<SegmentLine> lines = new ArrayList<>();
        private final List<String> faults = new ArrayList<>();
        private Map<String, Long> cursors = Map.of();
        private long tornBytes;

        void all(Folder folder) throws IOException {
            var files = new ArrayList<>(folder.segments().entrySet());
            long expected = files.isEmpty() ? 1 : files.getFirst().getKey();
            for (int i = 0; i < files.size(); i++) {
                long number = files.get(i).getKey();
                if (number != expected) {
                    faults.add("segments " + expected + " to " + (number - 1) + " are missing");
                }
                expected = number + 1;
                Path next = i + 1 < files.size() ? files.get(i + 1).getValue() : null;
                one(files.get(i).getValue(), next);
            }
        }

        private void one(Path file, @org.jspecify.annotations.Nullable Path next) throws IOException {
            SegmentHeader header;
            try (Scan scan = Scan.open(file)) {
                header = scan.header();
            } catch (JournalException e) {
                faults.add(String.valueOf(e.getMessage()));
                lines.add(new SegmentLine(file, Files.size(file), 0, 0, -1, 0));
                return;
            }
            if (next == null) {
                newest(file, header);
            } else {
                older(file, header, endFrom(next, header.number()));
            }
        }

        /// What the segment behind says of the end of this one.
        private static long endFrom(Path next, long number) throws IOException {
            try (Scan scan = Scan.open(next)) {
                SegmentHeader header = scan.header();
                return header.number() == number + 1 ? header.before() : Long.MAX_VALUE;
            } catch (JournalException e) {
                return Long.MAX_VALUE; // that is told when it is its turn
            }
        }

        private void newest(Path file, SegmentHeader header) throws IOException {
            Tail tail = Tail.read(file);
            tornBytes = tail.cutBytes();
            tail.corrupt().forEach(fault -> faults.add(String.valueOf(fault.getMessage())));
            cursors = tail.cursors() == null ? cursors : tail.cursors();
            lines.add(new SegmentLine(
                    file, Files.size(file), header.epoch(), header.first(), tail.last(), tail.records()));
        }

        private void older(Path file, SegmentHeader header, long end) throws IOException {
            long records = 0;
            long last = header.first() - 1;
            try (Scan scan = Scan.open(file)) {
                boolean going = true;
                while (going && scan.last() < end) {
                    switch (scan.next()) {
                        case Scan.Step.Found(var found) -> {
                            last = found.sequence();
                            records += found.kind() == Records.DATA ? 1 : 0;
                            note(scan, found);
                        }
                        case Scan.Step.Bad(var offset, var what) -> {
                            going = bad(scan, offset, what, end);
                        }
                        case Scan.Step.End() -> {
                            if (end != Long.MAX_VALUE && scan.last() < end) {
                                bad(scan, scan.offset(), "the file ends before record " + end, end);
                            }
                            going = false;
                        }
                    }
                }
            }
            lines.add(new SegmentLine(file, Files.size(file), header.epoch(), header.first(), last, records));
        }

        private void note(Scan scan, Records.Header found) throws CorruptException {
            switch (found.kind()) {
                case Records.CURSORS ->
                    cursors = Cursors.read(scan.payload(found), scan.file(), scan.offset(), found.sequence());
                case Records.LOST ->
                    faults.add(scan.file() + ": records up to " + found.sequence() + " were lost before a repair");
                default -> {}
            }
        }

        private boolean bad(Scan scan, long offset, String what, long end) throws IOException {
            long first = scan.last() + 1;
            Records.Header behind = scan.resume(end);
            long last = behind == null ? end : scan.last();
            String range = last == Long.MAX_VALUE ? "from " + first + " on" : first + " to " + last;
            faults.add(scan.file() + " at offset " + offset + ": " + what + "; records " + range + " are lost");
            return behind != null;
        }
    }
}
