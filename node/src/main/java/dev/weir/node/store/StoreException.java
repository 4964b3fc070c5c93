package dev.weir.node.store;

import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The data folder or the store cannot be used; the message says what to do.
public final class StoreException extends IOException {
    private static final long serialVersionUID = 1;

    private final Reason reason;

    /// Why, for those who decide by it.
    public enum Reason {
        /// Another process uses the data folder or has the file locked.
        LOCKED,
        /// No permission, or a file system that cannot be written.
        READ_ONLY,
        /// No space left.
        FULL,
        /// The file is damaged.
        CORRUPT,
        /// The file is no store of Weir, or one of a newer version.
        FOREIGN,
        /// Too many questions at once, or one that took too long.
        BUSY,
        /// The store has been closed.
        CLOSED,
        /// The disk answered with an error.
        IO
    }

    StoreException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /// The same for the thread that asked, whose stack it then shows too.
    StoreException again() {
        return new StoreException(reason, Objects.toString(getMessage(), ""), this);
    }
}
