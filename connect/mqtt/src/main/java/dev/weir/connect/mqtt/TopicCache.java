package dev.weir.connect.mqtt;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The topics that a connection used last, so that a device that publishes to the same few topics
/// costs neither text decoding nor checks nor garbage.
///
/// Bounded: [#SLOTS] topics of at most [#LONGEST] bytes. Belongs to one connection's reader.
final class TopicCache {
    static final int SLOTS = 8;
    static final int LONGEST = 256;

    private @Nullable Entry @Nullable [] entries;

    @SuppressWarnings("ArrayRecordComponent") // never leaves this class
    private record Entry(byte[] bytes, String topic) {}

    /// The topic in `length` bytes of `source`, checked; the same object for the same bytes while
    /// it is remembered.
    ///
    /// @throws Violation if it is not a topic name
    String topic(byte[] source, int offset, int length) throws Violation {
        if (length > LONGEST || length == 0) {
            return checked(source, offset, length);
        }
        @Nullable Entry[] slots = entries;
        if (slots == null) {
            slots = new @Nullable Entry[SLOTS];
            entries = slots;
        }
        int slot = slot(source, offset, length);
        Entry entry = slots[slot];
        if (entry == null || !Arrays.equals(entry.bytes, 0, entry.bytes.length, source, offset, offset + length)) {
            entry = new Entry(Arrays.copyOfRange(source, offset, offset + length), checked(source, offset, length));
            slots[slot] = entry;
        }
        return entry.topic;
    }

    private static String checked(byte[] source, int offset, int length) throws Violation {
        String topic = WireReader.text(source, offset, length);
        Topics.checkName(topic);
        return topic;
    }

    /// Topics of one device mostly differ in their last bytes.
    private static int slot(byte[] source, int offset, int length) {
        int last = offset + length - 1;
        int hash =
                length * 31 + source[last] * 17 + source[offset + length / 2] * 7 + source[Math.max(offset, last - 3)];
        return (hash ^ hash >>> 4) & SLOTS - 1;
    }
}
