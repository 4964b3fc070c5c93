package dev.weir.node.access;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/// The token by which somebody on the node's own machine shows that he may read its data folder. In
/// the file `admin.token` there, made once and kept, for this user's eyes only.
public final class AdminToken {
    private static final int TOKEN_BYTES = 32;
    private static final int FILE_BYTES = 1024;

    private final String text;

    private AdminToken(String text) {
        this.text = text;
    }

    /// Reads the token, and makes one if there is none.
    public static AdminToken open(Path folder) throws IOException {
        try {
            return read(folder);
        } catch (NoSuchFileException e) {
            return make(folder);
        }
    }

    /// Reads the token.
    ///
    /// @throws NoSuchFileException if there is none
    public static AdminToken read(Path folder) throws IOException {
        Path path = path(folder);
        try (InputStream in = Files.newInputStream(path)) {
            String text = new String(in.readNBytes(FILE_BYTES), StandardCharsets.US_ASCII).strip();
            if (text.length() < TOKEN_BYTES) {
                throw new IOException(path + " is damaged: remove it, and the node makes a new one at its next start");
            }
            return new AdminToken(text);
        }
    }

    private static AdminToken make(Path folder) throws IOException {
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        String text = HexFormat.of().formatHex(random);
        Path fresh = folder.resolve("admin.token.new");
        Files.deleteIfExists(fresh);
        try (FileChannel out = FileChannel.open(
                fresh,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                CredentialsFile.onlyForUs(fresh))) {
            out.write(ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.US_ASCII)));
            out.force(true);
        }
        Files.move(fresh, path(folder), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return new AdminToken(text);
    }

    private static Path path(Path folder) {
        return folder.resolve("admin.token");
    }

    /// Whether that is the token. How long it takes says nothing about where they differ.
    public boolean is(String token) {
        return MessageDigest.isEqual(digest(text), digest(token));
    }

    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }

    /// The token itself, for who sends it.
    public String text() {
        return text;
    }

    @Override
    public String toString() {
        return "AdminToken";
    }
}
