package dev.weir.node;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;

/// Whether a folder can be used, without touching it.
///
/// @param readable whether this user may list a folder and enter it
/// @param writable whether this user may create files in a folder
record FolderCheck(Predicate<Path> readable, Predicate<Path> writable) {
    static FolderCheck ofSystem() {
        return new FolderCheck(folder -> Files.isReadable(folder) && Files.isExecutable(folder), Files::isWritable);
    }

    /// Why a folder cannot be used, if it cannot. One that is missing must be possible to make.
    Optional<String> whyNot(Path folder) {
        Path whole = folder.toAbsolutePath().normalize();
        Path nearest = whole;
        while (!Files.exists(nearest) && nearest.getParent() != null) {
            nearest = nearest.getParent();
        }
        String subject = nearest.equals(whole) ? "" : "cannot be made: " + nearest + " ";
        if (!Files.isDirectory(nearest)) {
            return Optional.of(subject + (subject.isEmpty() ? "is not a folder" : "is a file, not a folder"));
        }
        if (!readable.test(nearest)) {
            return Optional.of(subject + "cannot be read; give the user that runs Weir the right to");
        }
        return writable.test(nearest)
                ? Optional.empty()
                : Optional.of(subject
                        + "cannot be written; give the user that runs Weir the right to, or name another folder");
    }
}
