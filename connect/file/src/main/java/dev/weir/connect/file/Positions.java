package dev.weir.connect.file;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How far each file was read, by its identity, in a small text file that is replaced as a whole.
/// Knows the `most` files that were read last. For one thread.
final class Positions {
    private static final Logger LOG = LoggerFactory.getLogger(Positions.class);
    private static final String FIRST_LINE = "weir-file-positions 1";
    private static final long LARGEST = 4 << 20;

    private final Path file;
    private final int most;
    private final Map<String, Position> positions = new LinkedHashMap<>();
    private boolean changed;

    /// How far a file was read.
    ///
    /// @param offset in bytes, for a compressed file of what it contains
    /// @param fingerprint what it began with
    /// @param name under which name it was read
    record Position(long offset, Fingerprint fingerprint, String name) {}

    Positions(Path file, int most) {
        this.file = file;
        this.most = most;
    }

    /// Reads what was written before. What cannot be read is as if it were not there, since reading
    /// a file again loses nothing.
    void load() {
        try {
            if (Files.size(file) > LARGEST) {
                throw new IOException("it is larger than " + LARGEST + " bytes");
            }
            List<String> lines = read();
            if (!lines.getFirst().equals(FIRST_LINE)) {
                throw new IOException("it does not begin with '" + FIRST_LINE + "'");
            }
            for (int i = 1; i < lines.size(); i++) {
                String[] parts = lines.get(i).split(" ", 5);
                positions.put(
                        parts[0],
                        new Position(
                                Long.parseLong(parts[1]),
                                new Fingerprint(Integer.parseInt(parts[2]), Long.parseLong(parts[3])),
                                parts[4]));
            }
        } catch (NoSuchFileException first) {
            return;
        } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException | NoSuchElementException e) {
            positions.clear();
            LOG.atWarn()
                    .addKeyValue("file", file)
                    .addKeyValue("cause", e.toString())
                    .log("how far files were read is not known; they are read from their start");
        }
    }

    private List<String> read() throws IOException {
        try (FileInputStream in = new FileInputStream(file.toFile())) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    Optional<Position> find(String identity) {
        return Optional.ofNullable(positions.get(identity));
    }

    /// The identities of files that were read under that name, the last first.
    Map<String, Position> named(String name) {
        Map<String, Position> found = new LinkedHashMap<>();
        positions.forEach((identity, position) -> {
            if (position.name.equals(name)) {
                found.put(identity, position);
            }
        });
        return found;
    }

    void put(String identity, Position position) {
        if (position.equals(positions.remove(identity))) {
            positions.put(identity, position);
            return;
        }
        positions.put(identity, position);
        changed = true;
        if (positions.size() > most) {
            positions.remove(positions.keySet().iterator().next());
        }
    }

    /// Writes them to the disk if they changed. After a crash they are those of before or after.
    void save() throws IOException {
        if (!changed) {
            return;
        }
        StringBuilder text = new StringBuilder(FIRST_LINE).append('\n');
        positions.forEach((identity, at) -> text.append(identity)
                .append(' ')
                .append(at.offset)
                .append(' ')
                .append(at.fingerprint.length())
                .append(' ')
                .append(at.fingerprint.crc())
                .append(' ')
                .append(at.name)
                .append('\n'));
        Path folder = Files.createDirectories(file.toAbsolutePath().getParent());
        Path fresh = folder.resolve(file.getFileName() + ".new");
        // Not through a channel, which an interrupt would close: this is also what closing does last.
        try (FileOutputStream out = new FileOutputStream(fresh.toFile())) {
            out.write(text.toString().getBytes(StandardCharsets.UTF_8));
            out.getFD().sync();
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        changed = false;
    }
}
