package dev.weir.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;

/// A fresh temporary folder with the example's files, deleted at the end.
///
/// @param path the folder
record DemoFolder(Path path) implements AutoCloseable {
    static DemoFolder create() throws IOException {
        Path path = Files.createTempDirectory("weir-demo-");
        for (String name : List.of("motes.yaml", "motes.csv")) {
            try (InputStream file = Objects.requireNonNull(
                    DemoFolder.class.getResourceAsStream("/examples/motes/" + name),
                    "the distribution lacks " + name)) {
                Files.copy(file, path.resolve(name));
            }
        }
        return new DemoFolder(path);
    }

    Path config() {
        return path.resolve("motes.yaml");
    }

    Path recording() {
        return path.resolve("motes.csv");
    }

    @Override
    public void close() throws IOException {
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, java.io.IOException failure) throws IOException {
                Files.deleteIfExists(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
