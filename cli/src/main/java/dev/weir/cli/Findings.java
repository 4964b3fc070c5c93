package dev.weir.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// What a doctor has found, in a ZIP file. Each finding stands for itself: what cannot be had is
/// noted, and the rest goes on. Used by one thread.
final class Findings implements AutoCloseable {
    private final ZipOutputStream zip;
    private final List<String> missing = new ArrayList<>();

    /// Finds something out; may block.
    interface Question {
        byte[] answer() throws IOException, InterruptedException;
    }

    /// The same as text.
    interface TextQuestion {
        String answer() throws IOException, InterruptedException;
    }

    private Findings(ZipOutputStream zip) {
        this.zip = zip;
    }

    /// Begins a file that is not there yet.
    static Findings into(Path file) throws IOException {
        return new Findings(new ZipOutputStream(
                new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW))));
    }

    void text(String name, TextQuestion question) throws IOException, InterruptedException {
        add(name, () -> question.answer().getBytes(StandardCharsets.UTF_8));
    }

    void add(String name, Question question) throws IOException, InterruptedException {
        byte[] answer;
        try {
            answer = question.answer();
        } catch (IOException | RuntimeException e) {
            missing.add(name + ": " + Failures.explain(e));
            return;
        }
        zip.putNextEntry(new ZipEntry(name));
        zip.write(answer);
        zip.closeEntry();
    }

    /// What could not be had, and why.
    List<String> missing() {
        return List.copyOf(missing);
    }

    @Override
    public void close() throws IOException {
        try (zip) {
            zip.putNextEntry(new ZipEntry("missing.txt"));
            zip.write(String.join("\n", missing).getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
        }
    }
}
