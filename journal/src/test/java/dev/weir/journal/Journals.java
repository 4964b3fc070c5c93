package dev.weir.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Small journals, and what is in them.
final class Journals {
    static final JournalSettings SMALL =
            JournalSettings.standard().sizes(64 * 1024, 8 * 1024).retain(JournalSettings.Retention.all());

    private Journals() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(Entry entry) {
        return new String(entry.payload(), StandardCharsets.UTF_8);
    }

    /// The next record, which there must be.
    static Entry next(Reader reader) throws IOException {
        return Objects.requireNonNull(reader.next(), "there is no record " + reader.position());
    }

    /// Everything from that record on.
    static List<String> texts(Journal journal, long from) throws IOException {
        var texts = new ArrayList<String>();
        try (Reader reader = journal.read(from)) {
            for (Entry entry = reader.next(); entry != null; entry = reader.next()) {
                texts.add(text(entry));
            }
        }
        return texts;
    }

    static List<String> texts(Journal journal) throws IOException {
        return texts(journal, journal.first());
    }

    /// Appends each and waits for the last.
    static void append(Journal journal, String... texts) throws IOException, InterruptedException {
        for (String text : texts) {
            journal.append(bytes(text)).await();
        }
    }

    /// Fills segments with records `NUMBER` and dots, so that a few hundred are several segments.
    static void fill(Journal journal, int from, int to) throws IOException, InterruptedException {
        Appended last = null;
        for (int i = from; i <= to; i++) {
            last = journal.append(bytes(i + ".".repeat(500)));
        }
        if (last != null) {
            last.await();
        }
    }

    static List<Path> segments(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".segment"))
                    .sorted()
                    .toList();
        }
    }

    /// Flips a bit.
    static void damage(Path file, long offset) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            var one = java.nio.ByteBuffer.allocate(1);
            channel.read(one, offset);
            one.put(0, (byte) (one.get(0) ^ 4)).rewind();
            channel.write(one, offset);
        }
    }

    /// Where that text is in a file.
    static long find(Path file, String text) throws IOException {
        String all = Files.readString(file, StandardCharsets.ISO_8859_1);
        int at = all.indexOf(text);
        if (at < 0) {
            throw new AssertionError("no '" + text + "' in " + file);
        }
        return at;
    }
}
