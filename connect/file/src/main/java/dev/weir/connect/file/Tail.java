package dev.weir.connect.file;

import dev.weir.connect.file.FileOptions.From;
import dev.weir.connect.file.Positions.Position;
import dev.weir.engine.Inlet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Follows what a name stands for: through growth, through renaming (the old file is read to its
/// end, then the new one from its start) and through truncation. For one thread.
final class Tail implements AutoCloseable {
    /// How many lines are read before it is another file's turn.
    private static final int TURN = 10_000;

    /// How often a file that was renamed must be found without news before it is left: its program
    /// goes on writing into it until it opens the new one.
    private static final int QUIET_LOOKS = 4;

    /// How many files of the folder are looked at for one that was renamed.
    private static final int SEARCHED = 10_000;

    private final Path path;
    private final FileOptions options;
    private final LineFeed feed;
    private final Positions positions;
    private final Inlet inlet;
    private final Cursor cursor;

    private @Nullable Opened file;
    private Fingerprint fingerprint = Fingerprint.EMPTY;
    private From from;
    private int quiet;

    /// @param from where to begin in the file that is there now
    Tail(Path path, FileOptions options, LineFeed feed, Positions positions, Inlet inlet, From from) {
        this.path = path;
        this.options = options;
        this.feed = feed;
        this.positions = positions;
        this.inlet = inlet;
        this.from = from;
        this.cursor = FileSource.cursor(path, options);
    }

    /// The file that it has open, whatever its name is now.
    Optional<String> identity() {
        return Optional.ofNullable(file).map(Opened::identity);
    }

    /// Whether it has nothing open: the name stands for nothing, or for what another one reads.
    boolean isIdle() {
        return file == null;
    }

    /// Reads what is there.
    ///
    /// @param held whether another tail has a file open
    /// @return whether there is more to read at once
    boolean look(Predicate<String> held) throws IOException, InterruptedException {
        if (file == null && !open(held)) {
            return false;
        }
        Opened opened = file;
        if (opened == null) {
            return false;
        }
        long before = cursor.offset;
        checkTruncated(opened);
        // Before reading too: a source that is closed while it reads must know what it has read.
        fingerprint = fingerprint.grown(opened.channel(), opened.channel().size());
        LineFeed.Stop stop = feed.feed(opened.from(cursor.offset, false), cursor, TURN);
        fingerprint = fingerprint.grown(opened.channel(), cursor.offset);
        if (cursor.offset != before || stop == LineFeed.Stop.REWOUND || !isRenamed(opened)) {
            quiet = 0;
        } else if (++quiet > QUIET_LOOKS) {
            return leave(opened, stop);
        }
        return stop == LineFeed.Stop.ENOUGH || stop == LineFeed.Stop.REWOUND;
    }

    private boolean open(Predicate<String> held) throws IOException {
        // Opening a pipe would block until somebody writes into it.
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new IOException("it is no regular file");
        }
        try {
            Opened opened = from == From.LAST ? openLast() : Opened.of(path);
            if (held.test(opened.identity())) {
                opened.close();
                return false;
            }
            file = opened;
            begin(opened);
            from = From.LAST;
            return true;
        } catch (NoSuchFileException notYet) {
            from = From.LAST;
            return false;
        }
    }

    /// The file of that name; or the one that had it when the node ended, if it was renamed
    /// meanwhile and not read to its end.
    private Opened openLast() throws IOException {
        Map<String, Position> known = positions.named(FileSource.plain(path.toString()));
        String current = Files.exists(path) ? Opened.identity(path) : "";
        if (!known.isEmpty() && !known.containsKey(current)) {
            for (Map.Entry<String, Position> entry : known.entrySet()) {
                Optional<Opened> moved = openMoved(entry.getKey(), entry.getValue());
                if (moved.isPresent()) {
                    return moved.get();
                }
            }
        }
        return Opened.of(path);
    }

    private Optional<Opened> openMoved(String identity, Position position) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        int looked = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (++looked > SEARCHED) {
                    break;
                }
                if (Files.isRegularFile(entry) && Opened.identity(entry).equals(identity)) {
                    Opened opened = Opened.of(entry);
                    if (opened.channel().size() > position.offset()
                            && position.fingerprint().fits(opened.channel())) {
                        return Optional.of(opened);
                    }
                    opened.close();
                }
            }
        }
        return Optional.empty();
    }

    private void begin(Opened opened) throws IOException {
        FileChannel channel = opened.channel();
        Optional<Position> known = positions.find(opened.identity()).filter(_ -> from == From.LAST);
        quiet = 0;
        fingerprint = Fingerprint.EMPTY;
        cursor.jump(0);
        if (known.isPresent()
                && channel.size() >= known.get().offset()
                && known.get().fingerprint().fits(channel)) {
            fingerprint = known.get().fingerprint();
            goOn(opened, known.get().offset());
        } else if (from == From.END) {
            goOn(opened, lastLineEnd(channel));
        }
        fingerprint = fingerprint.grown(channel, cursor.offset);
    }

    private void goOn(Opened opened, long offset) throws IOException {
        if (options.csv()) {
            feed.header(opened.from(0, false), cursor);
        }
        cursor.jump(offset);
    }

    /// Where the last whole line ends, as far as the last bytes show.
    private long lastLineEnd(FileChannel channel) throws IOException {
        long size = channel.size();
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(options.maxLine(), size));
        long start = size - bytes.capacity();
        int read = 0;
        while (bytes.hasRemaining() && read >= 0) {
            read = channel.read(bytes, start + bytes.position());
        }
        for (int i = bytes.position() - 1; i >= 0; i--) {
            if (bytes.get(i) == '\n') {
                return start + i + 1;
            }
        }
        return start == 0 ? 0 : size;
    }

    /// Emptied, or emptied and filled again since the last look.
    private void checkTruncated(Opened opened) throws IOException {
        long size = opened.channel().size();
        if (size < cursor.offset || (size > cursor.offset && !fingerprint.fits(opened.channel()))) {
            cursor.jump(0);
            fingerprint = Fingerprint.EMPTY;
        }
    }

    private boolean isRenamed(Opened opened) throws IOException {
        try {
            return !Opened.identity(path).equals(opened.identity());
        } catch (NoSuchFileException gone) {
            return true;
        }
    }

    /// Leaves a file that nobody writes any more, once all of it is acknowledged. Half a line at
    /// its end is none.
    private boolean leave(Opened opened, LineFeed.Stop stop) throws IOException {
        long end = cursor.offset;
        if (cursor.progress.settled() < end && !cursor.skipping) {
            return false;
        }
        if (stop == LineFeed.Stop.UNFINISHED) {
            inlet.rejected("incomplete");
            end = opened.channel().size();
        }
        positions.put(opened.identity(), position(end));
        close();
        return true;
    }

    /// Notes how far acknowledged reading has come.
    void remember() {
        if (file != null) {
            positions.put(file.identity(), position(cursor.progress.settled()));
        }
    }

    private Position position(long offset) {
        // A file that could not be told from another is read again rather than gone on with.
        return new Position(fingerprint.length() == 0 ? 0 : offset, fingerprint, FileSource.plain(path.toString()));
    }

    /// How many bytes of it are not acknowledged.
    long behind() {
        try {
            return file == null ? 0 : Math.max(0, file.channel().size() - cursor.progress.settled());
        } catch (IOException closed) {
            return 0;
        }
    }

    @Override
    public void close() throws IOException {
        Opened opened = file;
        file = null;
        if (opened != null) {
            opened.close();
        }
    }
}
