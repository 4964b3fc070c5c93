package dev.weir.connect.file;

import dev.weir.connect.file.FileOptions.Mode;
import dev.weir.engine.Connector.Surroundings;
import dev.weir.engine.Inlet;
import dev.weir.engine.Source;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads files. See the package for threads, bounds and what is promised.
final class FileSource implements Source {
    private static final Logger LOG = LoggerFactory.getLogger(FileSource.class);
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /// Beside the current file of each name the one before is known.
    private static final int POSITIONS_PER_FILE = 4;

    /// Of a line that waits for its acknowledgement.
    private static final long LINE_BYTES = 64;

    private final FileOptions options;
    private final Surroundings surroundings;
    private final CountDownLatch closing = new CountDownLatch(1);

    /// Guarded by this. Null before `open`.
    private @Nullable Thread reader;

    FileSource(FileOptions options, Surroundings surroundings) {
        this.options = options;
        this.surroundings = surroundings;
    }

    @Override
    public synchronized void open(Inlet inlet) throws IOException {
        FilePattern pattern = FilePattern.of(options.path(), options.maxFiles());
        if (options.mode() != Mode.FOLLOW && pattern.files().isEmpty()) {
            throw new IOException("file source " + surroundings.name() + " cannot read " + pattern
                    + ": no such file; name one that exists, or use 'mode: follow', which waits for it");
        }
        Positions positions =
                new Positions(surroundings.data().resolve("positions"), POSITIONS_PER_FILE * options.maxFiles());
        Complaints complaints = new Complaints(surroundings);
        Reading reading = options.mode() == Mode.FOLLOW
                ? follow(new Follow(options, pattern, positions, inlet, closing, complaints))
                : new Pass(options, pattern, positions, inlet, closing, complaints)::run;
        reader = Thread.ofPlatform()
                .name("file-" + surroundings.name())
                .daemon()
                .start(() -> run(inlet, positions, reading));
    }

    private Reading follow(Follow follow) {
        surroundings
                .meters()
                .gauge(
                        "weir_file_bytes_behind",
                        "Bytes of the files that are not read and acknowledged",
                        follow::behind,
                        "source",
                        surroundings.name());
        return follow::run;
    }

    /// What the thread does.
    private interface Reading {
        void run() throws IOException, InterruptedException;
    }

    private void run(Inlet inlet, Positions positions, Reading reading) {
        try {
            positions.load();
            reading.run();
        } catch (InterruptedException | ClosedByInterruptException closed) {
            // The source was closed; the thread ends here.
            return;
        } catch (IOException | RuntimeException | Error e) {
            LOG.atError()
                    .addKeyValue("source", surroundings.name())
                    .addKeyValue("path", options.path())
                    .setCause(e)
                    .log("reading has ended");
            inlet.failed(e);
        }
    }

    /// Where the reading of a file begins: at its start.
    static Cursor cursor(Path path, FileOptions options) {
        String file = path.getFileName().toString();
        String bare = file.endsWith(".gz") ? file.substring(0, file.length() - 3) : file;
        int dot = bare.lastIndexOf('.');
        String name = (dot > 0 ? bare.substring(0, dot) : bare).replaceAll("[+#\\p{Cntrl}]", "_");
        return new Cursor(options.address().replace("{name}", name), plain(file), options.window(), 0);
    }

    /// A name without what would break a line of a log or of the positions.
    static String plain(String name) {
        return name.replaceAll("\\p{Cntrl}", "_");
    }

    @Override
    public long worstCaseBytes() {
        return 2L * options.maxLine() + (long) options.maxFiles() * options.window() * LINE_BYTES;
    }

    /// Where a thread that hangs on a file system that does not answer is left behind: it hands
    /// nothing over any more.
    @Override
    public synchronized void close() {
        closing.countDown();
        Thread thread = reader;
        reader = null;
        if (thread == null) {
            return;
        }
        thread.interrupt();
        try {
            if (!thread.join(PATIENCE)) {
                LOG.atWarn()
                        .addKeyValue("source", surroundings.name())
                        .addKeyValue("path", options.path())
                        .log("the file system does not answer; the reading thread is left behind");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
