package dev.weir.node.access;

import dev.weir.node.access.Credential.Use;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// `credentials.json` in the node's data folder: readable by its user only, and replaced as a
/// whole, so that a crash leaves the old one or the new one.
final class CredentialsFile {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int BYTES = 64 << 20;
    private static final int VERSION = 1;

    private final Path path;

    /// What stands in it.
    ///
    /// @param byName the credentials
    /// @param revoked the names that no certificate may have any more, and since when
    record Content(Map<String, Credential> byName, Map<String, Instant> revoked) {
        static final Content EMPTY = new Content(Map.of(), Map.of());
    }

    CredentialsFile(Path folder) {
        this.path = folder.resolve("credentials.json");
    }

    /// @throws IOException if it cannot be read, or is none; a node must not come up without
    ///     knowing who is revoked
    Content read() throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(path)) {
            bytes = in.readNBytes(BYTES + 1);
        } catch (NoSuchFileException e) {
            return Content.EMPTY;
        }
        if (bytes.length > BYTES) {
            throw damaged("is larger than " + (BYTES >> 20) + " MiB", null);
        }
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), bytes)) {
            return content(json);
        } catch (JacksonException e) {
            throw damaged("is no JSON (line " + e.getLocation().getLineNr() + ")", e);
        } catch (DateTimeException | IllegalArgumentException e) {
            throw damaged("has a value that cannot be", e);
        }
    }

    private Content content(JsonParser json) throws IOException {
        Map<String, Credential> byName = new LinkedHashMap<>();
        Map<String, Instant> revoked = new LinkedHashMap<>();
        expect(json.nextToken() == JsonToken.START_OBJECT);
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "version" -> expect(json.getIntValue() == VERSION);
                case "credentials" -> {
                    while (json.nextToken() == JsonToken.START_OBJECT) {
                        Map<String, String> entry = entry(json);
                        Credential credential = credential(entry);
                        byName.put(credential.name(), credential);
                        expect(byName.size() <= Credentials.LIMIT);
                    }
                }
                case "revoked" -> {
                    while (json.nextToken() == JsonToken.START_OBJECT) {
                        Map<String, String> entry = entry(json);
                        revoked.put(text(entry, "name"), Instant.parse(text(entry, "at")));
                        expect(revoked.size() <= Credentials.LIMIT);
                    }
                }
                default -> throw damaged("has an unknown key '" + name + "'; is it of a later version?", null);
            }
        }
        return new Content(byName, revoked);
    }

    private Credential credential(Map<String, String> entry) throws IOException {
        Use use = Use.valueOf(text(entry, "kind").toUpperCase(Locale.ROOT));
        boolean psk = use == Use.PSK;
        return new Credential(
                text(entry, "name"),
                use,
                Instant.parse(text(entry, "created")),
                entry.getOrDefault("note", ""),
                psk ? "" : text(entry, "salt"),
                text(entry, psk ? "key" : "sha256"));
    }

    private static Map<String, String> entry(JsonParser json) {
        Map<String, String> entry = new HashMap<>();
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            json.nextToken();
            entry.put(name, json.getString());
        }
        return entry;
    }

    private String text(Map<String, String> entry, String name) throws IOException {
        String text = entry.get(name);
        if (text == null) {
            throw damaged("has an entry without '" + name + "'", null);
        }
        return text;
    }

    private void expect(boolean condition) throws IOException {
        if (!condition) {
            throw damaged("is not what this version writes", null);
        }
    }

    private IOException damaged(String what, @org.jspecify.annotations.Nullable Exception cause) {
        return new IOException(
                path + " " + what + ": restore it from a backup, or remove it and make all credentials anew", cause);
    }

    /// Returns when it is on the disk.
    void write(Content content) throws IOException {
        Path fresh = path.resolveSibling("credentials.json.new");
        // Gone first, since one that a crash left may have other permissions.
        Files.deleteIfExists(fresh);
        try (FileChannel out = FileChannel.open(
                fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), onlyForUs(fresh))) {
            ByteBuffer bytes = ByteBuffer.wrap(text(content));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        // A rename is durable only when its folder is.
        Path folder = path.toAbsolutePath().getParent();
        try (FileChannel channel = FileChannel.open(folder == null ? path : folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /// The permissions that a file with a secret is made with, where the file system has any.
    static FileAttribute<?>[] onlyForUs(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static byte[] text(Content content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            json.writeNumberProperty("version", VERSION);
            json.writeArrayPropertyStart("credentials");
            content.byName().values().forEach(credential -> {
                json.writeRaw("\n");
                json.writeStartObject();
                json.writeStringProperty("name", credential.name());
                json.writeStringProperty("kind", credential.use().word());
                json.writeStringProperty("created", credential.created().toString());
                json.writeStringProperty("note", credential.note());
                if (credential.use() == Use.PSK) {
                    json.writeStringProperty("key", credential.proof());
                } else {
                    json.writeStringProperty("salt", credential.salt());
                    json.writeStringProperty("sha256", credential.proof());
                }
                json.writeEndObject();
            });
            json.writeEndArray();
            json.writeArrayPropertyStart("revoked");
            content.revoked().forEach((name, at) -> {
                json.writeRaw("\n");
                json.writeStartObject();
                json.writeStringProperty("name", name);
                json.writeStringProperty("at", at.toString());
                json.writeEndObject();
            });
            json.writeEndArray();
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }
}
