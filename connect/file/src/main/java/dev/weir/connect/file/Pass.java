package dev.weir.connect.file;

import dev.weir.connect.file.FileOptions.From;
import dev.weir.connect.file.FileOptions.Mode;
import dev.weir.connect.file.Positions.Position;
import dev.weir.engine.Inlet;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// Reads files to their end, one after the other, and says so. One thread runs it.
final class Pass {
    /// After how many lines the position is written.
    private static final int TURN = 50_000;

    /// The same for a compressed file, which must be read from its beginning to go on.
    private static final int COMPRESSED_TURN = 1_000_000;

    private final FileOptions options;
    private final FilePattern pattern;
    private final Positions positions;
    private final Inlet inlet;
    private final CountDownLatch closing;
    private final Complaints complaints;
    private final @Nullable Pace pace;
    private final LineFeed feed;

    Pass(
            FileOptions options,
            FilePattern pattern,
            Positions positions,
            Inlet inlet,
            CountDownLatch closing,
            Complaints complaints) {
        this.options = options;
        this.pattern = pattern;
        this.positions = positions;
        this.inlet = inlet;
        this.closing = closing;
        this.complaints = complaints;
        this.pace = options.timing()
                .map(timing -> new Pace(timing, System::nanoTime))
                .orElse(null);
        this.feed = new LineFeed(options, inlet, closing, pace);
    }

    void run() throws IOException, InterruptedException {
        do {
            if (pace != null) {
                pace.restart();
            }
            List<Path> files = pattern.files();
            for (Path path : files) {
                read(path);
            }
            if (files.isEmpty()) {
                break;
            }
        } while (options.repeat() && closing.getCount() > 0);
        inlet.finished();
    }

    private void read(Path path) throws InterruptedException {
        Cursor cursor = FileSource.cursor(path, options);
        try (Opened file = Opened.of(path)) {
            Fingerprint fingerprint =
                    Fingerprint.of(file.channel(), file.channel().size());
            goOn(file, cursor, path);
            try {
                read(file, cursor, fingerprint, path);
            } finally {
                remember(file, cursor, fingerprint, path);
            }
        } catch (ClosedByInterruptException e) {
            throw new InterruptedException();
        } catch (IOException e) {
            inlet.rejected("unreadable");
            complaints.say(path.toString(), e);
        }
    }

    /// Goes on where an earlier run of the node has ended.
    private void goOn(Opened file, Cursor cursor, Path path) throws IOException {
        if (options.mode() == Mode.REPLAY || options.from() != From.LAST) {
            return;
        }
        Optional<Position> known = positions.find(file.identity());
        if (known.isPresent() && known.get().fingerprint().fits(file.channel())) {
            if (options.csv()) {
                feed.header(file.from(0, isCompressed(path)), cursor);
            }
            cursor.jump(known.get().offset());
        }
    }

    private void read(Opened file, Cursor cursor, Fingerprint fingerprint, Path path)
            throws IOException, InterruptedException {
        boolean compressed = isCompressed(path);
        while (true) {
            InputStream in = file.from(cursor.offset, compressed);
            LineFeed.Stop stop = feed.feed(in, cursor, compressed ? COMPRESSED_TURN : TURN);
            remember(file, cursor, fingerprint, path);
            switch (stop) {
                case ENOUGH, REWOUND -> {
                    continue;
                }
                case UNFINISHED -> feed.rest(cursor);
                case END -> {}
            }
            cursor.progress.awaitSettled();
            if (!cursor.progress.isOverloaded()) {
                return;
            }
            cursor.rewind();
        }
    }

    private static boolean isCompressed(Path path) {
        return path.toString().endsWith(".gz");
    }

    private void remember(Opened file, Cursor cursor, Fingerprint fingerprint, Path path) throws IOException {
        if (options.mode() == Mode.ONCE) {
            positions.put(
                    file.identity(),
                    new Position(cursor.progress.settled(), fingerprint, FileSource.plain(path.toString())));
            positions.save();
        }
    }
}
