package dev.weir.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// What a reader has been fed before: in the folder `NAME` the inputs that once failed, each in a
/// file that says what it was; in the file `NAME.hex` those that did something new, one a line.
final class FuzzCorpus {
    /// More than this is not kept: every run begins with all of it.
    private static final int MAX_KEPT = 200;

    private static final int MAX_BYTES = 512;

    private final Path failed;
    private final Path kept;

    FuzzCorpus(Path folder, String name) {
        this.failed = folder.resolve(name);
        this.kept = folder.resolve(name + ".hex");
    }

    List<byte[]> read() throws IOException {
        List<byte[]> inputs = new ArrayList<>();
        if (Files.isDirectory(failed)) {
            try (Stream<Path> files = Files.list(failed)) {
                for (Path file : files.sorted().toList()) {
                    inputs.add(Files.readAllBytes(file));
                }
            }
        }
        if (Files.exists(kept)) {
            Files.readAllLines(kept).forEach(line -> inputs.add(HexFormat.of().parseHex(line)));
        }
        return inputs;
    }

    /// Adds inputs, the shorter ones first; long ones and those beyond the limit are left out.
    void keep(List<byte[]> found) throws IOException {
        Set<String> lines = new LinkedHashSet<>();
        if (Files.exists(kept)) {
            lines.addAll(Files.readAllLines(kept));
        }
        found.stream()
                .filter(input -> input.length > 0 && input.length <= MAX_BYTES)
                .sorted(Comparator.comparingInt(input -> input.length))
                .map(HexFormat.of()::formatHex)
                .forEach(line -> {
                    if (lines.size() < MAX_KEPT) {
                        lines.add(line);
                    }
                });
        if (!lines.isEmpty()) {
            Files.createDirectories(failed.resolveSibling("."));
            Files.writeString(kept, String.join("\n", lines) + "\n", StandardCharsets.US_ASCII);
        }
    }

    @Override
    public String toString() {
        return failed.toString();
    }
}
