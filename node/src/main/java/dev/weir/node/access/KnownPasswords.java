package dev.weir.node.access;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Remembers which passwords were right, so that users who all come back at once cost nothing. It
/// keeps no password: a code of name and password under a random key that dies with the process.
/// Bounded: the longest unused one goes first. Thread-safe.
final class KnownPasswords {
    private static final int ENTRIES = 1024;
    private static final int KEY_BYTES = 32;
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    /// Guarded by itself.
    private final Map<ByteBuffer, Boolean> known = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Boolean> eldest) {
            return size() > ENTRIES;
        }
    };

    KnownPasswords() {
        byte[] random = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(random);
        this.key = new SecretKeySpec(random, ALGORITHM);
    }

    boolean contains(String name, byte[] password) {
        ByteBuffer code = code(name, password);
        synchronized (known) {
            return known.get(code) != null;
        }
    }

    void add(String name, byte[] password) {
        ByteBuffer code = code(name, password);
        synchronized (known) {
            known.put(code, true);
        }
    }

    int size() {
        synchronized (known) {
            return known.size();
        }
    }

    private ByteBuffer code(String name, byte[] password) {
        try {
            byte[] text = name.getBytes(StandardCharsets.UTF_8);
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(ByteBuffer.allocate(4).putInt(text.length).flip());
            mac.update(text);
            return ByteBuffer.wrap(mac.doFinal(password));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no " + ALGORITHM, e);
        }
    }
}
