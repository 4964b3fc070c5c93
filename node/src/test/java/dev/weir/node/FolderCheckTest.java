package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rights are given as predicates, since root, who runs many a test, may do anything.
class FolderCheckTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void whyNot_withFolder_isEmptyWhetherItExistsOrNot() {
        assertThat(FolderCheck.ofSystem().whyNot(folder)).isEmpty();
        assertThat(FolderCheck.ofSystem().whyNot(folder.resolve("a/b/c"))).isEmpty();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void whyNot_withFile_saysSo() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThat(FolderCheck.ofSystem().whyNot(file)).contains("is not a folder");
        assertThat(FolderCheck.ofSystem().whyNot(file.resolve("a")))
                .contains("cannot be made: " + file + " is a file, not a folder");
    }

    @Test
    void whyNot_withoutRightToRead_saysSo() {
        FolderCheck check = new FolderCheck(_ -> false, _ -> true);

        assertThat(check.whyNot(folder))
                .hasValueSatisfying(reason -> assertThat(reason).startsWith("cannot be read"));
    }

    @Test
    void whyNot_withoutRightToWrite_namesTheFolderThatLacksIt() {
        FolderCheck check = new FolderCheck(_ -> true, path -> !path.equals(folder));

        assertThat(check.whyNot(folder))
                .hasValueSatisfying(reason -> assertThat(reason).startsWith("cannot be written"));
        assertThat(check.whyNot(folder.resolve("a/b")))
                .hasValueSatisfying(
                        reason -> assertThat(reason).startsWith("cannot be made: " + folder + " cannot be written"));
    }
}
