package dev.weir.connect.http;

import dev.weir.engine.Reading;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/// Names for requests, by which a server finds out that it has one already: the same readings have
/// the same name however often they are posted, other readings have another even if they look the
/// same.
final class RequestKey {
    static final String HEADER = "Idempotency-Key";

    private static final int BYTES = 18;

    private final String node;

    RequestKey(String node) {
        this.node = node;
    }

    String of(List<Reading> readings, byte[] body) {
        MessageDigest digest = sha256();
        for (Reading reading : readings) {
            for (String part : new String[] {node, reading.stream(), reading.source(), reading.device()}) {
                digest.update(part.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
            digest.update(ByteBuffer.allocate(3 * Long.BYTES)
                    .putLong(reading.epoch())
                    .putLong(reading.sequence())
                    .putLong(reading.time())
                    .array());
        }
        byte[] all = digest.digest(body);
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
