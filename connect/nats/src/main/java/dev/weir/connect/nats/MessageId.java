package dev.weir.connect.nats;

import dev.weir.engine.Reading;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/// Names for messages, by which a stream finds out that it has one already. The same reading has
/// the same name however often it is sent, by this run of the node or the next; another reading of
/// the same message of a device has another, since what is sent is part of it.
final class MessageId {
    private static final int BYTES = 18;

    private final String node;

    MessageId(String node) {
        this.node = node;
    }

    String of(Reading reading, String subject, byte[] payload) {
        MessageDigest digest = sha256();
        for (String part : new String[] {node, reading.stream(), reading.source(), reading.device(), subject}) {
            digest.update(part.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
        }
        digest.update(ByteBuffer.allocate(3 * Long.BYTES)
                .putLong(reading.epoch())
                .putLong(reading.sequence())
                .putLong(reading.time())
                .array());
        byte[] all = digest.digest(payload);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(all, BYTES));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
