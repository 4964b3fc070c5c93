package dev.weir.connect.file;

import org.jspecify.annotations.Nullable;

/// Where reading of one file is. Owned by the reading thread, but for its progress.
final class Cursor {
    final String address;
    final String name;
    private final int window;

    /// Where the next line begins, or how far a line that is too long was read.
    long offset;

    boolean skipping;

    /// The names of the columns, for CSV.
    byte @Nullable [] header;

    /// Whether the next line may be the header.
    boolean top = true;

    Progress progress;

    Cursor(String address, String name, int window, long offset) {
        this.address = address;
        this.name = name;
        this.window = window;
        this.offset = offset;
        this.progress = new Progress(window, offset);
    }

    /// Goes on elsewhere. What is still to be acknowledged of before does not matter any more.
    void jump(long to) {
        offset = to;
        skipping = false;
        top = to == 0;
        progress = new Progress(window, to);
    }

    /// Goes back to the first line that is not acknowledged.
    void rewind() {
        jump(progress.settled());
    }
}
