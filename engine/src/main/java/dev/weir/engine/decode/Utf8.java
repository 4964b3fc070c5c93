package dev.weir.engine.decode;

/// Tells whether bytes are text: well-formed UTF-8 (Unicode, table 3-7), without surrogates,
/// overlong forms or code points beyond the last. Takes no memory.
final class Utf8 {
    private Utf8() {}

    /// @param end behind the last byte
    static boolean isWellFormed(byte[] bytes, int start, int end) {
        int at = start;
        while (at < end) {
            int first = bytes[at++] & 0xff;
            if (first < 0x80) {
                continue;
            }
            int more = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
            if (first < 0xc2 || first > 0xf4 || end - at < more || !isSecond(first, bytes[at] & 0xff)) {
                return false;
            }
            for (int i = 1; i < more; i++) {
                if ((bytes[at + i] & 0xc0) != 0x80) {
                    return false;
                }
            }
            at += more;
        }
        return true;
    }

    private static boolean isSecond(int first, int second) {
        int least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        int most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        return second >= least && second <= most;
    }
}
