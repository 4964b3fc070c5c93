package dev.weir.engine.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The text of a configuration file, kept to show the lines in which something is wrong.
///
/// @param name the file as the user named it
/// @param text what is in it, without a byte order mark
public record ConfigFile(String name, String text) {
    /// How many bytes a file may have.
    public static final int MAX_BYTES = 1 << 20;

    public ConfigFile {
        text = text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /// Reads a file of UTF-8 text of at most 1 MiB. Blocks on the disk. Whatever stands in the way
    /// becomes a problem, and the result is empty.
    public static Optional<ConfigFile> read(Path path, Problems problems) {
        String name = path.toString();
        Location start = new Location(name, 1, 1);
        try {
            if (Files.isDirectory(path)) {
                problems.error(start, "is a folder, not a file; name the YAML file in it");
                return Optional.empty();
            }
            try (InputStream in = Files.newInputStream(path)) {
                return decode(name, in.readNBytes(MAX_BYTES + 1), problems);
            }
        } catch (NoSuchFileException e) {
            problems.error(start, "there is no such file");
        } catch (AccessDeniedException e) {
            problems.error(start, "cannot be read: permission denied");
        } catch (IOException e) {
            problems.error(start, "cannot be read: " + e.getMessage());
        }
        return Optional.empty();
    }

    static Optional<ConfigFile> decode(String name, byte[] bytes, Problems problems) {
        if (bytes.length > MAX_BYTES) {
            problems.error(
                    new Location(name, 1, 1),
                    "is larger than " + SizeText.format(MAX_BYTES) + ", the limit for a configuration file");
            return Optional.empty();
        }
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(bytes), out, true);
        String text = out.flip().toString();
        if (result.isError()) {
            problems.error(end(name, text), "is not UTF-8 text: save the file in the encoding UTF-8");
            return Optional.empty();
        }
        return Optional.of(new ConfigFile(name, text));
    }

    /// The place right behind `text`.
    private static Location end(String name, String text) {
        List<String> lines = List.of(text.split("\r\n|\r|\n", -1));
        String last = lines.getLast();
        return new Location(name, lines.size(), last.codePointCount(0, last.length()) + 1);
    }

    /// The text of a line, counted from 1; empty where there is no such line.
    public String line(int number) {
        return text.lines().skip(Math.max(0, number - 1L)).findFirst().orElse("");
    }
}
