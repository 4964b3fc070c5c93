package dev.weir.runtime;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A thread as the operating system sees it. Java calls one that is blocked in a native call or in
/// a read of a file runnable; Linux knows better.
final class OsThread {
    private static final int MOST_BYTES = 256;

    /// Null where there is no such file.
    private final @Nullable Path stat;

    private OsThread(@Nullable Path stat) {
        this.stat = stat;
    }

    static OsThread current() {
        try {
            Path proc = Path.of("/proc");
            return new OsThread(proc.resolve(Files.readSymbolicLink(proc.resolve("thread-self")))
                    .resolve("stat"));
        } catch (IOException | RuntimeException e) {
            return new OsThread(null); // not on Linux, or /proc is not there: then nobody seems to sleep
        }
    }

    /// Whether it neither runs nor wants to; false where that cannot be told.
    boolean sleeps() {
        if (stat == null) {
            return false;
        }
        try (var file = new FileInputStream(stat.toFile())) {
            var text = new String(file.readNBytes(MOST_BYTES), StandardCharsets.ISO_8859_1);
            // "tid (name) state ...", where the name may hold anything.
            int state = text.lastIndexOf(") ") + 2;
            return state > 1 && state < text.length() && "SDT".indexOf(text.charAt(state)) >= 0;
        } catch (IOException e) {
            return false; // it has ended
        }
    }
}
