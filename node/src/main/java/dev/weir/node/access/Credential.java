package dev.weir.node.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// What one device comes in with.
///
/// @param name the device's name
/// @param use what it is for
/// @param created when it was made
/// @param note what people want to know about it; may be empty
/// @param salt for [Use#PASSWORD], in hex; else empty
/// @param proof for [Use#PASSWORD] the SHA-256 of salt and secret, in hex; for [Use#PSK] the key
///     itself
public record Credential(String name, Use use, Instant created, String note, String salt, String proof) {
    /// The longest note, in characters.
    public static final int NOTE_LENGTH = 200;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,127}");
    private static final int SECRET_BYTES = 20;
    private static final int SALT_BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    /// What a credential is for.
    public enum Use {
        /// A password, over MQTT, HTTP and as a bearer token.
        PASSWORD,
        /// A key that both sides know, for DTLS.
        PSK;

        /// As API and file say it.
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /// A new credential, and its secret, which is shown once.
    public record Made(Credential credential, String secret) {
        @Override
        public String toString() {
            return "Made[" + credential.name() + "]";
        }
    }

    /// What is wrong with a name for a credential; empty if it is fine.
    static String whyNot(String name) {
        if (Rule.WORDS.contains(name)) {
            return "'" + name + "' is a word of the rules and cannot be a name";
        }
        return NAME.matcher(name).matches()
                ? ""
                : "a name must be a letter or digit, then letters, digits, '.', '_', '@' or '-', at most 128 in all";
    }

    static Made make(String name, Use use, String note, Instant now) {
        byte[] random = new byte[SECRET_BYTES];
        RANDOM.nextBytes(random);
        String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        String salted = use == Use.PSK ? "" : HexFormat.of().formatHex(salt);
        String proof = use == Use.PSK ? secret : hash(salted, secret.getBytes(StandardCharsets.US_ASCII));
        return new Made(new Credential(name, use, now, note, salted, proof), secret);
    }

    /// Whether that is its secret. A fast hash is enough: nobody guesses 160 random bits.
    boolean isSecret(byte[] secret) {
        return use == Use.PASSWORD
                && MessageDigest.isEqual(
                        hash(salt, secret).getBytes(StandardCharsets.US_ASCII),
                        proof.getBytes(StandardCharsets.US_ASCII));
    }

    private static String hash(String salt, byte[] secret) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(HexFormat.of().parseHex(salt));
            return HexFormat.of().formatHex(digest.digest(secret));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }

    /// The key of a [Use#PSK]: the ASCII bytes of its text, as tools like `coap-client -k` take it.
    byte[] key() {
        return proof.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String toString() {
        return use.word() + " " + name;
    }
}
