package dev.weir.connect.file;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// Takes bytes apart into lines that end in LF or CRLF, in a buffer no larger than the longest
/// line that is allowed. For one thread.
final class Lines {
    /// The buffer before a longer line needs more.
    private static final int USUAL = 8192;

    private final int longest;
    private byte[] buffer;
    private int start;
    private int scanned;
    private int end;
    private boolean skipping;

    /// Where the next line begins, in bytes from the file's beginning.
    private long offset;

    private int lineStart;
    private int lineLength;

    /// What was found.
    enum Found {
        /// A whole line.
        LINE,
        /// A line longer than allowed has ended.
        TOO_LONG,
        /// No more bytes for now, and none of an unfinished line.
        END,
        /// No more bytes for now, in the middle of a line.
        UNFINISHED
    }

    /// @param longest the longest line in bytes, without its end
    Lines(int longest) {
        this.longest = longest;
        this.buffer = new byte[Math.min(USUAL, longest + 2)];
    }

    /// Begins anew.
    ///
    /// @param at how many bytes of the file lie before what is read next
    /// @param insideLong whether that is in the middle of a line that is too long
    void begin(long at, boolean insideLong) {
        start = 0;
        scanned = 0;
        end = 0;
        offset = at;
        skipping = insideLong;
    }

    /// The next line from `in`, whose end is the end for now. Blocks as `in` does.
    Found next(InputStream in) throws IOException {
        while (true) {
            for (; scanned < end; scanned++) {
                if (buffer[scanned] == '\n') {
                    return line();
                }
            }
            if (end - start > longest + 1) {
                discard();
            }
            makeRoom();
            int read = in.read(buffer, end, buffer.length - end);
            if (read < 0) {
                return end > start || skipping ? Found.UNFINISHED : Found.END;
            }
            end += read;
        }
    }

    private Found line() {
        int length = scanned - start;
        offset += length + 1;
        lineStart = start;
        lineLength = length > 0 && buffer[scanned - 1] == '\r' ? length - 1 : length;
        scanned++;
        start = scanned;
        boolean tooLong = skipping || lineLength > longest;
        skipping = false;
        return tooLong ? Found.TOO_LONG : Found.LINE;
    }

    /// Takes what is left at the end of a file as a line, after `UNFINISHED`.
    Found rest() {
        lineStart = start;
        offset += end - start;
        lineLength = end > start && buffer[end - 1] == '\r' ? end - start - 1 : end - start;
        start = end;
        boolean tooLong = skipping || lineLength > longest;
        skipping = false;
        return tooLong ? Found.TOO_LONG : Found.LINE;
    }

    private void discard() {
        skipping = true;
        offset += end - start;
        start = end;
        scanned = end;
    }

    private void makeRoom() {
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, end - start);
            scanned -= start;
            end -= start;
            start = 0;
        }
        if (end == buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.min(buffer.length * 2, longest + 2));
        }
    }

    byte[] buffer() {
        return buffer;
    }

    int lineStart() {
        return lineStart;
    }

    int lineLength() {
        return lineLength;
    }

    /// Leaves out the first bytes of the line: a byte order mark.
    void cut(int bytes) {
        lineStart += bytes;
        lineLength -= bytes;
    }

    /// Where the next line begins; in the middle of one that is too long, how far it was read.
    long offset() {
        return offset;
    }

    boolean skipping() {
        return skipping;
    }
}
