package dev.weir.engine.tls;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/// As much of ASN.1's DER as it takes to put an older form of private key into PKCS#8.
final class Der {
    private static final int INTEGER = 0x02;
    private static final int OCTETS = 0x04;
    private static final int SEQUENCE = 0x30;
    private static final int PARAMETERS = 0xA0;
    private static final byte[] VERSION = {INTEGER, 1, 0};

    /// OID 1.2.840.113549.1.1.1 and NULL.
    private static final byte[] RSA = {
        0x06, 0x09, 0x2A, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00
    };

    /// OID 1.2.840.10045.2.1.
    private static final byte[] EC = {0x06, 0x07, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 0x02, 0x01};

    private Der() {}

    static byte[] pkcs8OfPkcs1(byte[] key) {
        return element(SEQUENCE, VERSION, element(SEQUENCE, RSA), element(OCTETS, key));
    }

    /// Empty if it does not say on which curve it is.
    static Optional<byte[]> pkcs8OfSec1(byte[] key) {
        try {
            ByteBuffer fields = body(ByteBuffer.wrap(key), SEQUENCE);
            body(fields, INTEGER);
            body(fields, OCTETS);
            ByteBuffer curve = body(fields, PARAMETERS);
            byte[] oid = new byte[curve.remaining()];
            curve.get(oid);
            return Optional.of(element(SEQUENCE, VERSION, element(SEQUENCE, EC, oid), element(OCTETS, key)));
        } catch (IllegalArgumentException | java.nio.BufferUnderflowException e) {
            return Optional.empty();
        }
    }

    /// The content of the next element, which must have that tag.
    private static ByteBuffer body(ByteBuffer in, int tag) {
        if ((in.get() & 0xFF) != tag) {
            throw new IllegalArgumentException("not the element expected");
        }
        int length = in.get() & 0xFF;
        if (length > 0x82) {
            throw new IllegalArgumentException("longer than any key");
        }
        if (length >= 0x80) {
            int bytes = length - 0x80;
            length = 0;
            for (int i = 0; i < bytes; i++) {
                length = (length << 8) | (in.get() & 0xFF);
            }
        }
        if (length > in.remaining()) {
            throw new IllegalArgumentException("longer than what is there");
        }
        ByteBuffer body = in.slice(in.position(), length);
        in.position(in.position() + length);
        return body;
    }

    private static byte[] element(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream element = new ByteArrayOutputStream();
        element.write(tag);
        int length = content.size();
        if (length < 0x80) {
            element.write(length);
        } else if (length <= 0xFF) {
            element.write(0x81);
            element.write(length);
        } else {
            element.write(0x82);
            element.write(length >> 8);
            element.write(length & 0xFF);
        }
        element.writeBytes(content.toByteArray());
        return element.toByteArray();
    }
}
