package dev.weir.engine.decode;

/// Checks that a payload is one well-formed CBOR item (RFC 8949, appendix C) without taking memory:
/// that every length is that of something that is there, nothing is nested too deep, and no number
/// is larger than 64 bytes.
final class CborForm {
    private static final int MAX_NUMBER = 64;
    private static final int BREAK = -1;
    private static final int INDEFINITE = 31;

    private static final int BYTES = 2;
    private static final int TEXT = 3;
    private static final int LIST = 4;
    private static final int MAP = 5;
    private static final int TAG = 6;
    private static final int SIMPLE = 7;

    private final byte[] bytes;
    private final int start;
    private final int end;
    private int at;

    private CborForm(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.start = offset;
        this.end = offset + length;
        this.at = offset;
    }

    static void check(byte[] bytes, int offset, int length) throws DecodeException {
        CborForm form = new CborForm(bytes, offset, length);
        form.item(0, false, false);
        if (form.at != form.end) {
            throw form.malformed("the payload must end after its first item");
        }
    }

    /// Goes over one item.
    ///
    /// @param mayEnd whether the "break" of an indefinite length may stand here
    /// @param number whether it is the bytes of a large number
    /// @return its major type, or [#BREAK]
    private int item(int depth, boolean mayEnd, boolean number) throws DecodeException {
        if (depth > JsonText.MAX_DEPTH) {
            throw malformed("items are nested more than " + JsonText.MAX_DEPTH + " deep");
        }
        int head = next();
        int major = head >> 5;
        int info = head & 31;
        if (info == INDEFINITE) {
            return indefinite(major, depth, mayEnd);
        }
        long argument = argument(info);
        switch (major) {
            case BYTES, TEXT -> skip(argument, number);
            case LIST -> items(argument, depth);
            case MAP -> items(argument > Integer.MAX_VALUE || argument < 0 ? Long.MAX_VALUE : argument * 2, depth);
            case TAG -> item(depth + 1, false, argument == 2 || argument == 3);
            case SIMPLE -> simple(info, argument);
            default -> {
                // A number in the head itself.
            }
        }
        return major;
    }

    private int indefinite(int major, int depth, boolean mayEnd) throws DecodeException {
        switch (major) {
            case BYTES, TEXT -> chunks(major);
            case LIST -> {
                while (item(depth + 1, true, false) != BREAK) {
                    // Until the break.
                }
            }
            case MAP -> {
                while (item(depth + 1, true, false) != BREAK) {
                    item(depth + 1, false, false);
                }
            }
            case SIMPLE -> {
                if (mayEnd) {
                    return BREAK;
                }
                throw malformed("a break stands where an item must");
            }
            default -> throw malformed("a number has no length");
        }
        return major;
    }

    private void chunks(int major) throws DecodeException {
        for (int head = next(); head != 0xff; head = next()) {
            if (head >> 5 != major || (head & 31) == INDEFINITE) {
                throw malformed("a chunk of a string must be a string of the same kind");
            }
            skip(argument(head & 31), false);
        }
    }

    /// Every item has a byte at least, so the loop is as long as the payload at most.
    private void items(long count, int depth) throws DecodeException {
        if (count < 0 || count > end - at) {
            throw malformed("a list or map announces more items than there are bytes");
        }
        for (long i = 0; i < count; i++) {
            item(depth + 1, false, false);
        }
    }

    private void skip(long length, boolean number) throws DecodeException {
        if (length < 0 || length > end - at) {
            throw malformed("a string announces more bytes than there are");
        }
        if (number && length > MAX_NUMBER) {
            throw malformed("a number must have at most " + MAX_NUMBER + " bytes, but has " + length);
        }
        at += (int) length;
    }

    private void simple(int info, long value) throws DecodeException {
        if (info == 24 && value < 32) {
            throw malformed("a simple value is written in two bytes where one is enough");
        }
    }

    /// The number in or behind the head; below zero when it is above a long.
    private long argument(int info) throws DecodeException {
        if (info < 24) {
            return info;
        }
        if (info > 27) {
            throw malformed("the item's head is of a reserved kind");
        }
        long value = 0;
        for (int count = 1 << (info - 24); count > 0; count--) {
            value = value << 8 | next();
        }
        return value;
    }

    private int next() throws DecodeException {
        if (at == end) {
            throw malformed("the payload ends before its item does");
        }
        return bytes[at++] & 0xff;
    }

    private DecodeException malformed(String what) {
        return Fault.malformed("payload is not CBOR at byte " + (at - start) + ": " + what);
    }
}
