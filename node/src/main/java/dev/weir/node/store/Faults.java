package dev.weir.node.store;

import dev.weir.node.store.StoreException.Reason;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Objects;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// What SQLite's and the file system's errors mean to a person, and what to do about them.
final class Faults {
    private Faults() {}

    static StoreException of(Path file, SQLException e) {
        Reason reason = reason(e);
        String detail = Objects.toString(e.getMessage(), e.toString());
        String what = switch (reason) {
            case LOCKED -> "is locked by another program: close the one that writes to it";
            case READ_ONLY ->
                "cannot be written: check the owner and mode of the file and its folder, "
                        + "and whether the file system is mounted read-only";
            case FULL ->
                "has no room: free space on its disk, or lower 'retain' or 'max-size' of the store; "
                        + "writing goes on by itself when there is room";
            case CORRUPT ->
                "is damaged: stop the node, keep a copy of the file, and try "
                        + "`sqlite3 store.db .recover`, or move it away to begin with an empty store";
            case FOREIGN -> "is no store of Weir: move it away";
            case BUSY -> "took too long to answer: ask for a shorter range";
            case CLOSED -> "is closed";
            case IO -> "could not be read or written: check its disk";
        };
        return new StoreException(reason, "the store " + file.toAbsolutePath() + " " + what + " (" + detail + ")", e);
    }

    static Reason reason(SQLException e) {
        if (!(e instanceof SQLiteException sqlite)) {
            return Reason.IO;
        }
        SQLiteErrorCode code = sqlite.getResultCode();
        return switch (SQLiteErrorCode.getErrorCode(code.code & 0xff)) {
            case SQLITE_BUSY, SQLITE_LOCKED -> Reason.LOCKED;
            case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH -> Reason.READ_ONLY;
            case SQLITE_FULL -> Reason.FULL;
            case SQLITE_NOTADB, SQLITE_CORRUPT -> Reason.CORRUPT;
            case SQLITE_INTERRUPT -> Reason.BUSY;
            default -> Reason.IO;
        };
    }

    static Reason reason(IOException e) {
        String text = Objects.toString(e.getMessage(), "").toLowerCase(Locale.ROOT);
        if (text.contains("no space")) {
            return Reason.FULL;
        }
        return text.contains("read-only") ? Reason.READ_ONLY : Reason.IO;
    }

    /// The message of a file error without the path in front of it, or its type where it has none.
    static String plain(IOException e) {
        if (e instanceof FileSystemException file && file.getReason() != null) {
            return Objects.requireNonNull(file.getReason());
        }
        String type = e.getClass().getSimpleName().replace("Exception", "");
        return type.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }
}
