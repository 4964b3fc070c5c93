package dev.weir.bench;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Files whose readers wait: each gets a byte every 50 ms, all at the same time.
final class Fifos implements AutoCloseable {
    private static final Duration PERIOD = Duration.ofMillis(50);

    private final List<Path> paths = new ArrayList<>();
    private final List<RandomAccessFile> files = new ArrayList<>();
    private final Thread writer =
            Thread.ofPlatform().daemon().name("fifo-writer").unstarted(this::write);

    private volatile boolean closed;

    private Fifos() {}

    static Fifos make(Path folder, int count) throws IOException, InterruptedException {
        Fifos fifos = new Fifos();
        for (int i = 0; i < count; i++) {
            Path path = Files.createTempDirectory(folder, "fifo").resolve("in");
            int status = new ProcessBuilder("mkfifo", path.toString())
                    .inheritIO()
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new IOException("mkfifo " + path + " ended with status " + status);
            }
            fifos.paths.add(path);
            // Opened for both ways, it waits for no reader.
            fifos.files.add(new RandomAccessFile(path.toFile(), "rw"));
        }
        fifos.writer.start();
        return fifos;
    }

    /// A cell's arguments and after them the files.
    String[] arguments(String... first) {
        List<String> all = new ArrayList<>(List.of(first));
        paths.forEach(path -> all.add(path.toString()));
        return all.toArray(String[]::new);
    }

    private void write() {
        try {
            while (true) {
                Thread.sleep(PERIOD);
                for (RandomAccessFile file : files) {
                    file.write(1);
                }
            }
        } catch (InterruptedException e) {
            // closed
        } catch (IOException e) {
            if (!closed) {
                System.err.println("no more bytes for the readers: " + e.getMessage());
            }
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        writer.interrupt();
        for (RandomAccessFile file : files) {
            file.close();
        }
        for (Path path : paths) {
            Files.delete(path);
            Files.delete(path.getParent());
        }
    }
}
