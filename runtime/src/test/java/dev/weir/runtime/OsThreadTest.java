package dev.weir.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class OsThreadTest {
    @TempDir
    private Path folder;

    @Test
    void sleeps_inAReadOfAFile_isTrueAndOfARunningThreadFalse() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/thread-self")), "Linux only");
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        var seen = new AtomicReference<@Nullable OsThread>();
        var reader = Running.callOnPlatform(() -> {
            seen.set(OsThread.current());
            try (var in = new FileInputStream(pipe.toFile())) {
                return in.read();
            }
        });
        Running.until(() -> {
            var thread = seen.get();
            return thread != null && thread.sleeps();
        });
        assertThat(reader.thread().getState()).isEqualTo(Thread.State.RUNNABLE);
        try (var out = new FileOutputStream(pipe.toFile())) {
            out.write(7);
        }
        assertThat(reader.result()).isEqualTo(7);
        assertThat(OsThread.current().sleeps()).isFalse();
    }
}
