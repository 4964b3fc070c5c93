package dev.weir.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes a journal readable from one end to the other again: what is corrupt is written anew
/// without it, with a note of which records are lost, which readers that skip tell their listener.
/// Nothing is thrown away: the file as it was stays beside as `.corrupt`.
public final class Repair {
    private static final int BUFFER = 256 * 1024;

    private final Folder folder;
    private final List<String> done = new ArrayList<>();

    /// The segment before, as it is by now.
    private @Nullable SegmentHeader before;

    private long end;

    private Repair(Folder folder) {
        this.folder = folder;
    }

    /// Repairs what [Verification] finds. The journal must not be open.
    ///
    /// @return what was done, in words; empty if nothing was to be done
    /// @throws InUseException if it is open
    /// @throws JournalException if no header can be read, so that nothing can be told from noise
    public static List<String> run(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new JournalException("there is no journal in " + folder + ": no such folder");
        }
        try (Folder locked = Folder.lock(folder)) {
            Repair repair = new Repair(locked);
            repair.all();
            return List.copyOf(repair.done);
        }
    }

    private void all() throws IOException {
        var files = new ArrayList<>(folder.segments().entrySet());
        for (int i = 0; i < files.size(); i++) {
            Map.Entry<Long, Path> file = files.get(i);
            SegmentHeader next = i + 1 < files.size() ? header(files.get(i + 1).getValue()) : null;
            boolean newest = i + 1 == files.size();
            SegmentHeader own = header(file.getValue());
            SegmentHeader known = own == null ? supposed(file.getKey(), next, files) : own;
            if (before != null && known.number() > before.number() + 1) {
                replaceMissing(before, known);
            }
            long last = next != null && next.number() == known.number() + 1 ? next.before() : Long.MAX_VALUE;
            repair(file.getValue(), known, own == null, newest, last);
        }
    }

    private static @Nullable SegmentHeader header(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            return SegmentHeader.read(file, channel);
        } catch (CorruptException e) {
            return null;
        }
    }

    /// What the header must have been, from those around it.
    private SegmentHeader supposed(long number, @Nullable SegmentHeader next, List<Map.Entry<Long, Path>> files)
            throws IOException {
        SegmentHeader neighbour = before != null ? before : next;
        for (int i = 0; neighbour == null && i < files.size(); i++) {
            neighbour = header(files.get(i).getValue());
        }
        if (neighbour == null) {
            throw new JournalException("no header of a segment in " + folder.path()
                    + " can be read: without the journal's id no record can be told from noise");
        }
        return new SegmentHeader(neighbour.journal(), number, end + 1, end, neighbour.epoch(), neighbour.recordLimit());
    }

    private void replaceMissing(SegmentHeader last, SegmentHeader next) throws IOException {
        for (long number = last.number() + 1; number < next.number(); number++) {
            SegmentHeader header =
                    new SegmentHeader(next.journal(), number, end + 1, end, last.epoch(), next.recordLimit());
            try (Copy copy = new Copy(folder.path().resolve("repair"), header)) {
                if (number + 1 == next.number() && end < next.first() - 1) {
                    copy.lost(end + 1, next.first() - 1);
                    end = next.first() - 1;
                }
                copy.finish();
            }
            Files.move(folder.path().resolve("repair"), folder.segment(number), StandardCopyOption.ATOMIC_MOVE);
            folder.force();
            done.add("segment " + number + " was missing: " + folder.segment(number) + " says so now");
        }
    }

    private void repair(Path file, SegmentHeader header, boolean headerLost, boolean newest, long last)
            throws IOException {
        long limit = newest ? Tail.read(file, header).last() : last;
        Path fixed = folder.path().resolve("repair");
        boolean changed = headerLost;
        try (Scan scan = Scan.open(file, header);
                Copy copy = new Copy(fixed, header)) {
            boolean going = true;
            while (going) {
                long from = scan.last() + 1;
                switch (scan.next()) {
                    case Scan.Step.Found(var found) when found.sequence() <= limit -> copy.add(scan, found);
                    case Scan.Step.Found _ -> going = false;
                    case Scan.Step.Bad _
                    when scan.last() < limit -> {
                        changed = true;
                        going = scan.resume(limit) != null;
                        long to = going ? scan.last() : limit;
                        lost(copy, file, from, to);
                    }
                    case Scan.Step.End()
                    when scan.last() < limit && limit != Long.MAX_VALUE -> {
                        changed = true;
                        going = false;
                        lost(copy, file, from, limit);
                    }
                    case Scan.Step.Bad _, Scan.Step.End() -> going = false;
                }
            }
            end = Math.max(copy.last(), header.before());
            copy.finish();
        }
        if (changed) {
            replace(file, fixed);
        } else {
            Files.delete(fixed);
        }
        before = header;
    }

    private void lost(Copy copy, Path file, long from, long to) throws IOException {
        if (to == Long.MAX_VALUE) {
            done.add(file + ": what is behind record " + (from - 1) + " is lost");
        } else if (to >= from) {
            copy.lost(from, to);
            done.add(file + ": records " + from + " to " + to + " are lost");
        }
    }

    private void replace(Path file, Path fixed) throws IOException {
        Path kept = file.resolveSibling(file.getFileName() + ".corrupt");
        Files.copy(file, kept, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel channel = FileChannel.open(kept, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        folder.force();
        Files.move(fixed, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        folder.force();
        done.add(file + " was written anew; as it was it is " + kept);
    }

    /// A segment that is written from what can be read of another.
    private static final class Copy implements AutoCloseable {
        private final FileChannel channel;
        private final SegmentHeader header;
        private ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
        private long last;

        Copy(Path file, SegmentHeader header) throws IOException {
            this.header = header;
            this.last = header.first() - 1;
            this.channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
            channel.write(header.bytes());
        }

        long last() {
            return last;
        }

        void add(Scan scan, Records.Header found) throws IOException {
            put(found.sequence(), found.epoch(), found.kind(), scan.payload(found));
        }

        void lost(long from, long to) throws IOException {
            byte[] range = ByteBuffer.allocate(2 * Long.BYTES)
                    .putLong(from)
                    .putLong(to)
                    .array();
            put(to, header.epoch(), Records.LOST, range);
        }

        private void put(long sequence, int epoch, byte kind, byte[] payload) throws IOException {
            int size = Records.size(payload.length);
            if (size > buffer.capacity()) {
                buffer = ByteBuffer.allocateDirect(size);
            }
            buffer.clear();
            Records.put(buffer, sequence, epoch, kind, payload, 0, payload.length);
            Records.seal(buffer, sequence - 1, header.salt());
            buffer.flip();
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            last = sequence;
        }

        void finish() throws IOException {
            channel.force(true);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
