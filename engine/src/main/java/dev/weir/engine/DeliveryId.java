package dev.weir.engine;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/// Names for what is sent, by which a receiver finds out that it has it already. The same readings
/// have the same name however often they are sent, by this run of the node or the next; others have
/// another one even if they look the same, and so has another result of the same reading, since
/// what is sent is part of it. Thread-safe.
public final class DeliveryId {
    private static final int BYTES = 18;

    private final String node;

    /// @param node its name, which tells its readings from those of others
    public DeliveryId(String node) {
        this.node = node;
    }

    /// A name of 24 characters of URL-safe Base64.
    ///
    /// @param readings what is sent together
    /// @param content the bytes that are sent
    /// @param to where, as far as that makes it another delivery
    public String of(List<Reading> readings, byte[] content, String... to) {
        MessageDigest digest = sha256();
        for (Reading reading : readings) {
            for (String part : new String[] {node, reading.stream(), reading.source(), reading.device()}) {
                update(digest, part);
            }
            for (String part : to) {
                update(digest, part);
            }
            digest.update(ByteBuffer.allocate(3 * Long.BYTES)
                    .putLong(reading.epoch())
                    .putLong(reading.sequence())
                    .putLong(reading.time())
                    .array());
        }
        byte[] all = digest.digest(content);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(all, BYTES));
    }

    private static void update(MessageDigest digest, String part) {
        digest.update(part.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
