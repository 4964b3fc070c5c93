package dev.weir.testkit.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Does with files whatever a seed says, and notes every answer: on two file systems that behave
/// alike, twice the same.
final class RandomProgram implements AutoCloseable {
    private static final String[] NAMES = {"a", "b", "c", "d", "d/a", "d/b", "e", "e/a", "d/f", "d/f/a"};
    private static final int CHANNELS = 3;
    private static final int LARGEST = 9000;
    private static final int FURTHEST = 30_000;

    private final Path root;
    private final Random random;
    private String answer = "";
    private final @Nullable FileChannel[] channels = new FileChannel[CHANNELS];

    /// Whether a channel is one of a folder, whose size every file system makes up for itself.
    private final boolean[] folders = new boolean[CHANNELS];

    @FunctionalInterface
    private interface Step {
        Object run() throws IOException;
    }

    RandomProgram(Path root, long seed) {
        this.root = root;
        random = new Random(seed);
    }

    void run(int steps) {
        for (int i = 0; i < steps; i++) {
            step();
        }
    }

    @Override
    public void close() throws IOException {
        for (FileChannel channel : channels) {
            if (channel != null) {
                channel.close();
            }
        }
    }

    /// Does one thing and says what, with the answer.
    String step() {
        int kind = random.nextInt(20);
        if (kind < 4) {
            open();
        } else if (kind < 13) {
            useChannel(kind);
        } else {
            useNames(kind);
        }
        return answer;
    }

    private void note(String what, Step step) {
        try {
            answer = what + ": " + step.run();
        } catch (FileSystemException e) {
            answer = what + ": " + e.getClass().getSimpleName() + " " + e.getReason();
        } catch (IOException | RuntimeException e) {
            answer = what + ": " + e.getClass().getSimpleName();
        }
    }

    private Path any() {
        return root.resolve(NAMES[random.nextInt(NAMES.length)]);
    }

    private void open() {
        int slot = random.nextInt(CHANNELS);
        Path path = any();
        List<Set<StandardOpenOption>> ways = List.of(
                EnumSet.of(StandardOpenOption.READ),
                EnumSet.of(StandardOpenOption.WRITE),
                EnumSet.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE),
                EnumSet.of(StandardOpenOption.APPEND, StandardOpenOption.CREATE),
                EnumSet.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
                EnumSet.of(
                        StandardOpenOption.WRITE,
                        StandardOpenOption.READ,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING));
        Set<StandardOpenOption> way = ways.get(random.nextInt(ways.size()));
        note("open " + root.relativize(path) + " " + way, () -> {
            FileChannel old = channels[slot];
            if (old != null) {
                old.close();
            }
            channels[slot] = FileChannel.open(path, way);
            folders[slot] = Files.isDirectory(path);
            return "done";
        });
    }

    private ByteBuffer bytes() {
        byte[] bytes = new byte[random.nextInt(LARGEST)];
        random.nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    private void useChannel(int kind) {
        int slot = random.nextInt(CHANNELS);
        FileChannel channel = channels[slot];
        ByteBuffer data = bytes();
        long at = random.nextInt(FURTHEST);
        if (channel == null) {
            return;
        }
        switch (kind) {
            case 4 -> note("write", () -> channel.write(data));
            case 5 -> note("write at", () -> channel.write(data, at));
            case 6 ->
                note("gather", () -> channel.write(new ByteBuffer[] {data, ByteBuffer.wrap(new byte[3]), bytes()}));
            case 7 -> note("read at", () -> channel.read(data, at) + hash(data));
            case 8 -> note("read", () -> channel.read(data) + hash(data));
            case 9 -> note("truncate", () -> channel.truncate(at).size());
            case 10 -> note("position", () -> channel.position(at).position());
            case 11 -> note("size", () -> (folders[slot] ? "folder" : channel.size()) + " " + channel.position());
            default ->
                note("force", () -> {
                    channel.force(at % 2 == 0);
                    return "done";
                });
        }
    }

    private static String hash(ByteBuffer read) {
        return " " + read.flip().hashCode();
    }

    private void useNames(int kind) {
        Path path = any();
        Path other = any();
        String both = " " + root.relativize(path) + " " + root.relativize(other);
        switch (kind) {
            case 13 -> note("move" + both, () -> nothing(Files.move(path, other)));
            case 14 ->
                note("replace" + both, () -> nothing(Files.move(path, other, StandardCopyOption.REPLACE_EXISTING)));
            case 15 -> note("rename" + both, () -> nothing(Files.move(path, other, StandardCopyOption.ATOMIC_MOVE)));
            case 16 ->
                note("delete" + both, () -> {
                    Files.delete(path);
                    return "done";
                });
            case 17 -> note("create folder" + both, () -> nothing(Files.createDirectory(path)));
            case 18 -> note("copy" + both, () -> nothing(Files.copy(path, other)));
            default -> note("everything", this::everything);
        }
    }

    private static String nothing(Path path) {
        return path.getFileName() + " done";
    }

    /// Every file with its content, every folder with its names.
    List<String> everything() throws IOException {
        List<String> all = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted().toList()) {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                all.add(root.relativize(file)
                        + (attributes.isDirectory()
                                ? "/"
                                : " " + attributes.size() + " " + Arrays.hashCode(Files.readAllBytes(file))));
            }
        }
        return all;
    }
}
