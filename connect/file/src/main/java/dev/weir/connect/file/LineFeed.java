package dev.weir.connect.file;

import dev.weir.engine.Inlet;
import dev.weir.engine.Message;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Hands the lines of files to the inlet. For one thread, which it blocks while the pipelines have
/// no room, the window is full, or a replay waits for its time.
final class LineFeed {
    /// How long to wait before a line that was refused for overload is offered again.
    private static final long RETRY_MILLIS = 100;

    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final FileOptions options;
    private final Inlet inlet;
    private final CountDownLatch closing;
    private final Lines lines;
    private final @Nullable Pace pace;
    private byte[] joined = new byte[256];

    /// @param closing opens when the source closes
    /// @param pace when a line may go; null for at once
    LineFeed(FileOptions options, Inlet inlet, CountDownLatch closing, @Nullable Pace pace) {
        this.options = options;
        this.inlet = inlet;
        this.closing = closing;
        this.pace = pace;
        this.lines = new Lines(options.maxLine());
    }

    /// Why it stopped.
    enum Stop {
        /// At the end for now.
        END,
        /// At the end for now, in the middle of a line.
        UNFINISHED,
        /// After as many lines as wanted.
        ENOUGH,
        /// Back at a line that was refused: `in` must be opened anew.
        REWOUND
    }

    /// Reads from `in`, which stands at the cursor, and leaves the cursor behind the last whole
    /// line.
    Stop feed(InputStream in, Cursor cursor, int most) throws IOException, InterruptedException {
        lines.begin(cursor.offset, cursor.skipping);
        for (int i = 0; i < most; i++) {
            if (cursor.progress.isOverloaded()) {
                cursor.progress.awaitSettled();
                boolean _ = closing.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
                cursor.rewind();
                return Stop.REWOUND;
            }
            Lines.Found found = lines.next(in);
            switch (found) {
                case LINE, TOO_LONG -> take(found, cursor);
                case END, UNFINISHED -> {
                    cursor.offset = lines.offset();
                    cursor.skipping = lines.skipping();
                    return found == Lines.Found.END ? Stop.END : Stop.UNFINISHED;
                }
            }
        }
        return Stop.ENOUGH;
    }

    /// Takes what is left without a line end at the end of a file, right after
    /// [Stop#UNFINISHED].
    void rest(Cursor cursor) throws InterruptedException {
        take(lines.rest(), cursor);
    }

    /// Reads the header of a file whose reading goes on in its middle.
    void header(InputStream in, Cursor cursor) throws IOException {
        lines.begin(0, false);
        while (lines.next(in) == Lines.Found.LINE) {
            cutMark(0);
            if (lines.lineLength() > 0) {
                cursor.header = line();
                cursor.top = false;
                return;
            }
        }
    }

    private void take(Lines.Found found, Cursor cursor) throws InterruptedException {
        if (found == Lines.Found.TOO_LONG) {
            inlet.rejected("too-large");
            pass(cursor);
            return;
        }
        cutMark(cursor.offset);
        if (lines.lineLength() == 0 || isHeader(cursor)) {
            pass(cursor);
            return;
        }
        handOver(cursor);
        cursor.offset = lines.offset();
        cursor.skipping = false;
    }

    private void pass(Cursor cursor) throws InterruptedException {
        cursor.progress.pass(lines.offset());
        cursor.offset = lines.offset();
        cursor.skipping = false;
    }

    private void cutMark(long at) {
        int from = lines.lineStart();
        if (at == 0
                && lines.lineLength() >= MARK.length
                && Arrays.equals(lines.buffer(), from, from + MARK.length, MARK, 0, MARK.length)) {
            lines.cut(MARK.length);
        }
    }

    /// A program whose file was emptied under it goes on without a header: a first line with a
    /// number in it is none if the header is known.
    private boolean isHeader(Cursor cursor) {
        boolean top = cursor.top;
        cursor.top = false;
        if (!options.csv() || !top) {
            return false;
        }
        byte[] line = line();
        if (cursor.header == null
                || Arrays.equals(cursor.header, line)
                || !CsvText.hasNumber(new String(line, StandardCharsets.UTF_8))) {
            cursor.header = line;
            return true;
        }
        return false;
    }

    private byte[] line() {
        int from = lines.lineStart();
        return Arrays.copyOfRange(lines.buffer(), from, from + lines.lineLength());
    }

    private void handOver(Cursor cursor) throws InterruptedException {
        byte[] header = cursor.header;
        if (pace != null) {
            pace.await(header, new String(line(), StandardCharsets.UTF_8), closing);
        }
        Message message = options.csv() && header != null ? withHeader(cursor, header) : alone(cursor);
        while (true) {
            Progress.Line line = cursor.progress.begin(lines.offset());
            boolean taken = false;
            try {
                inlet.accept(message, line);
                taken = true;
            } finally {
                if (!taken) {
                    cursor.progress.forget(line);
                }
            }
            if (!cursor.progress.takeBack(line)) {
                return;
            }
            if (closing.await(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new InterruptedException();
            }
        }
    }

    private Message alone(Cursor cursor) {
        return new Message(cursor.address, lines.buffer(), lines.lineStart(), lines.lineLength(), null, cursor.name, 0);
    }

    private Message withHeader(Cursor cursor, byte[] header) {
        int length = header.length + 1 + lines.lineLength();
        if (joined.length < length) {
            joined = new byte[length];
        }
        System.arraycopy(header, 0, joined, 0, header.length);
        joined[header.length] = '\n';
        System.arraycopy(lines.buffer(), lines.lineStart(), joined, header.length + 1, lines.lineLength());
        return new Message(cursor.address, joined, 0, length, "text/csv", cursor.name, 0);
    }
}
