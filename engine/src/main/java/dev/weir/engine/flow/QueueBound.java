package dev.weir.engine.flow;

/// What a queue can take at worst.
///
/// @param name whose queue it is
/// @param count how many elements it can hold, those in its workers' hands included
/// @param bytesEach how much memory one takes at most
public record QueueBound(String name, long count, long bytesEach) {
    private static final int READING = 160;
    private static final int SLOT = 13;
    private static final int TEXT = 40;
    private static final int MAX_FIELDS = dev.weir.engine.Schema.MAX_FIELDS;

    /// All of it, in bytes.
    public long total() {
        return count * bytesEach;
    }

    /// How much memory a reading can take at most that came from a payload of `payload` bytes:
    /// slots for all fields a stream may have, each with as many texts as the payload has room
    /// for, in characters of two bytes.
    static long readingBytes(int payload) {
        long texts = Math.min(MAX_FIELDS, payload / 4L);
        return READING + (long) MAX_FIELDS * SLOT + texts * TEXT + 2L * payload;
    }
}
