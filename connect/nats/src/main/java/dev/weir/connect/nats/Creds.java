package dev.weir.connect.nats;

import io.nats.client.AuthHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Logs in with a `.creds` file: a JWT, and a signature by the key that it is for. jnats's own
/// needs Bouncy Castle for that, 6 MB with native code; the JDK has Ed25519.
final class Creds implements AuthHandler {
    private static final int MAX_BYTES = 64 * 1024;
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// A seed says in two bytes what it is and what for, and ends with two bytes of checksum.
    private static final int PREFIX = 2;

    private static final int KEY_BYTES = 32;
    private static final int SEED_BYTES = PREFIX + KEY_BYTES + 2;

    private final Path file;

    Creds(Path file) {
        this.file = file;
    }

    @Override
    public byte[] sign(byte[] nonce) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key(block(1)));
            signature.update(nonce);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the key in '" + file + "' cannot sign", e);
        }
    }

    /// The JWT says it.
    @Override
    public char[] getID() {
        return new char[0];
    }

    @Override
    public char[] getJWT() {
        return block(0).toCharArray();
    }

    /// What stands between the first or second pair of lines with dashes.
    private String block(int number) {
        List<String> blocks = new ArrayList<>();
        boolean inside = false;
        for (String line : lines()) {
            if (line.startsWith("---")) {
                inside = line.contains("BEGIN");
            } else if (inside && !line.isBlank()) {
                blocks.add(line.trim());
            }
        }
        if (blocks.size() != 2) {
            throw new IllegalStateException(
                    "'" + file + "' is no credentials file: expected a JWT and a seed between lines with dashes");
        }
        return blocks.get(number);
    }

    private List<String> lines() {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new IllegalStateException("'" + file + "' is no credentials file: it has more than 64 KiB");
            }
            return Files.readAllLines(file, StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new IllegalStateException("'" + file + "' cannot be read: " + e.getMessage(), e);
        }
    }

    private PrivateKey key(String seed) throws GeneralSecurityException {
        byte[] raw = base32(seed);
        if (!seed.startsWith("S") || raw.length != SEED_BYTES) {
            throw new IllegalStateException(
                    "'" + file + "' has no seed of a key, which begins with S, in its second part");
        }
        byte[] secret = Arrays.copyOfRange(raw, PREFIX, PREFIX + KEY_BYTES);
        return KeyFactory.getInstance("Ed25519")
                .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, secret));
    }

    private byte[] base32(String text) {
        byte[] bytes = new byte[text.length() * 5 / 8];
        int bits = 0;
        int held = 0;
        int end = 0;
        for (int i = 0; i < text.length(); i++) {
            int value = ALPHABET.indexOf(text.charAt(i));
            if (value < 0) {
                throw new IllegalStateException("'" + file + "' has a seed with a character that none has");
            }
            held = held << 5 | value;
            bits += 5;
            if (bits >= 8) {
                bits -= 8;
                bytes[end++] = (byte) (held >> bits);
                held &= (1 << bits) - 1;
            }
        }
        return bytes;
    }
}
