package dev.weir.connect.file;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;

/// Which files are meant: one, or those of a folder whose names match. Reads the folder anew each
/// time.
final class FilePattern {
    private final Path folder;
    private final String name;
    private final int most;
    private final boolean glob;

    private FilePattern(Path folder, String name, int most) {
        this.folder = folder;
        this.name = name;
        this.most = most;
        this.glob = name.contains("*") || name.contains("?");
    }

    /// @param most how many files may match; of more, the first by name are taken
    /// @throws IllegalArgumentException if a folder is a pattern, or the path is none
    static FilePattern of(String path, int most) {
        int slash = path.lastIndexOf('/');
        String folder = slash < 0 ? "." : path.substring(0, slash + 1);
        String name = path.substring(slash + 1);
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            throw new IllegalArgumentException("path must name a file, or files with '*', but was '" + path + "'");
        }
        if (folder.contains("*") || folder.contains("?")) {
            throw new IllegalArgumentException(
                    "only the file's name may be a pattern, not its folder, but path was '" + path + "'");
        }
        return new FilePattern(Path.of(folder), name, most);
    }

    Path folder() {
        return folder;
    }

    boolean isGlob() {
        return glob;
    }

    /// The files that are there, by name.
    ///
    /// @throws IOException if the folder cannot be read; one that is not there has no files
    List<Path> files() throws IOException {
        if (!glob) {
            Path file = folder.resolve(name);
            return Files.isRegularFile(file) ? List.of(file) : List.of();
        }
        TreeSet<Path> found = new TreeSet<>();
        String pattern = name.replaceAll("([\\[\\]{}\\\\])", "\\\\$1");
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, pattern)) {
            for (Path entry : entries) {
                if (Files.isRegularFile(entry)) {
                    found.add(entry);
                    if (found.size() > most) {
                        found.pollLast();
                    }
                }
            }
        } catch (NoSuchFileException notYet) {
            return List.of();
        }
        return List.copyOf(found);
    }

    @Override
    public String toString() {
        return folder.resolve(name).toString();
    }
}
