package dev.weir.connect.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;

/// What a file began with when it was last read: another file may have got its number meanwhile,
/// or it was emptied and filled again.
///
/// @param length of how many bytes
/// @param crc their CRC-32C
record Fingerprint(int length, long crc) {
    static final Fingerprint EMPTY = new Fingerprint(0, 0);

    /// Enough to tell two files apart whose first line is the same header.
    private static final int MOST = 1024;

    /// Of the first bytes of a file, up to `limit`.
    static Fingerprint of(FileChannel file, long limit) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(MOST, limit));
        while (bytes.hasRemaining()) {
            if (file.read(bytes, bytes.position()) < 0) {
                break;
            }
        }
        CRC32C crc = new CRC32C();
        crc.update(bytes.flip());
        return new Fingerprint(bytes.limit(), crc.getValue());
    }

    /// Whether the file still begins with the same.
    boolean fits(FileChannel file) throws IOException {
        return equals(of(file, length));
    }

    /// The same file's, of which more is known now.
    Fingerprint grown(FileChannel file, long limit) throws IOException {
        return length < MOST && limit > length ? of(file, limit) : this;
    }
}
