package dev.weir.node.access;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/// The hash of a password, as the config has it. Checking takes milliseconds to seconds of CPU on
/// purpose.
public sealed interface PasswordHash {
    /// The longest password that bcrypt takes into account, in bytes.
    int LONGEST = 72;

    /// Whether it is the hash of that password.
    boolean matches(byte[] password);

    /// How `htpasswd -B` and `weir password` write it: `$2y$10$…`.
    ///
    /// @param cost the logarithm of the rounds
    record Bcrypt(String text, int cost) implements PasswordHash {
        private static final int MAX_COST = 14;
        private static final Pattern FORM = Pattern.compile("\\$2[aby]\\$(\\d\\d)\\$[./A-Za-z0-9]{53}");

        static Optional<PasswordHash> parse(String text) {
            Matcher matcher = FORM.matcher(text);
            if (!matcher.matches()) {
                return Optional.empty();
            }
            int cost = Integer.parseInt(matcher.group(1));
            return cost < BCrypt.MIN_COST || cost > MAX_COST ? Optional.empty() : Optional.of(new Bcrypt(text, cost));
        }

        @Override
        public boolean matches(byte[] password) {
            if (password.length == 0 || password.length > LONGEST) {
                return false;
            }
            // The versions differ in mistakes of old programs only.
            return BCrypt.verifyer().verify(password, text.getBytes(StandardCharsets.US_ASCII)).verified;
        }

        @Override
        public String toString() {
            return "bcrypt, cost " + cost;
        }
    }

    /// How `mosquitto_passwd` writes it: `$7$iterations$salt$hash`, PBKDF2 with SHA-512.
    @SuppressWarnings("ArrayRecordComponent")
    record Pbkdf2(int iterations, byte[] salt, byte[] hash) implements PasswordHash {
        private static final int MAX_ITERATIONS = 5_000_000;
        private static final int BYTES = 64;
        private static final Pattern FORM =
                Pattern.compile("\\$7\\$(\\d{1,7})\\$([A-Za-z0-9+/=]{4,88})\\$([A-Za-z0-9+/]{86}==)");

        static Optional<PasswordHash> parse(String text) {
            Matcher matcher = FORM.matcher(text);
            if (!matcher.matches()) {
                return Optional.empty();
            }
            int iterations = Integer.parseInt(matcher.group(1));
            try {
                return iterations < 1 || iterations > MAX_ITERATIONS
                        ? Optional.empty()
                        : Optional.of(new Pbkdf2(
                                iterations,
                                Base64.getDecoder().decode(matcher.group(2)),
                                Base64.getDecoder().decode(matcher.group(3))));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }

        @Override
        public boolean matches(byte[] password) {
            if (password.length == 0) {
                return false;
            }
            try {
                char[] characters = characters(password);
                PBEKeySpec spec = new PBEKeySpec(characters, salt, iterations, BYTES * 8);
                byte[] made = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512")
                        .generateSecret(spec)
                        .getEncoded();
                spec.clearPassword();
                Arrays.fill(characters, ' ');
                return MessageDigest.isEqual(made, hash);
            } catch (CharacterCodingException e) {
                // The tool that made the hash takes text only.
                return false;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("this JDK has no PBKDF2", e);
            }
        }

        private static char[] characters(byte[] password) throws CharacterCodingException {
            var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(password));
            char[] characters = new char[text.remaining()];
            text.get(characters);
            return characters;
        }

        @Override
        public String toString() {
            return "PBKDF2, " + iterations + " iterations";
        }
    }

    /// Reads a hash; empty if it is none that is known, or one that takes too long to check.
    static Optional<PasswordHash> parse(String text) {
        return Bcrypt.parse(text).or(() -> Pbkdf2.parse(text));
    }

    /// Makes a bcrypt hash. Takes some 100 ms.
    ///
    /// @throws IllegalArgumentException if the password is empty, has a NUL, or more than 72 bytes
    static String make(byte[] password) {
        if (password.length == 0 || password.length > LONGEST) {
            throw new IllegalArgumentException(
                    "a password must have 1 to " + LONGEST + " bytes, but it has " + password.length);
        }
        for (byte b : password) {
            if (b == 0) {
                throw new IllegalArgumentException("a password must not contain the character NUL");
            }
        }
        byte[] hash = BCrypt.with(BCrypt.Version.VERSION_2B, LongPasswordStrategies.strict(BCrypt.Version.VERSION_2B))
                .hash(10, password);
        return new String(hash, StandardCharsets.US_ASCII);
    }
}
