package dev.weir.engine.expression;

import java.util.Arrays;

/// A set of characters of a regular expression: ranges of code points, possibly inverted, possibly
/// blind to case.
final class CharacterSet {
    static final CharacterSet NONE = new CharacterSet(new int[0], false, false);
    static final CharacterSet ANY = NONE.inverted();
    static final CharacterSet ANY_BUT_LINE_END = of('\n', '\n').inverted();
    static final CharacterSet DIGIT = of('0', '9');
    static final CharacterSet SPACE = of('\t', '\n', '\f', '\r', ' ', ' ');
    static final CharacterSet WORD = of('0', '9', 'A', 'Z', '_', '_', 'a', 'z');

    private final int[] ranges;
    private final boolean inverted;
    private final boolean blind;

    private CharacterSet(int[] ranges, boolean inverted, boolean blind) {
        this.ranges = ranges;
        this.inverted = inverted;
        this.blind = blind;
    }

    /// From pairs of first and last.
    static CharacterSet of(int... ranges) {
        return new CharacterSet(ranges.clone(), false, false);
    }

    CharacterSet inverted() {
        return new CharacterSet(ranges, !inverted, blind);
    }

    /// The same for letters of either case.
    CharacterSet blind(boolean yes) {
        return new CharacterSet(ranges, inverted, yes);
    }

    /// The pairs of first and last that are in the set.
    int[] spans() {
        if (!inverted) {
            return ranges.clone();
        }
        int[] sorted = new int[ranges.length + 2];
        int count = 0;
        int next = 0;
        for (int i = 0; i < ranges.length; i += 2) {
            if (ranges[i] > next) {
                sorted[count++] = next;
                sorted[count++] = ranges[i] - 1;
            }
            next = ranges[i + 1] + 1;
        }
        sorted[count++] = next;
        sorted[count++] = Character.MAX_CODE_POINT;
        return Arrays.copyOf(sorted, count);
    }

    boolean contains(int c) {
        boolean found = listed(c);
        if (!found && blind) {
            found = listed(Character.toLowerCase(c)) || listed(Character.toUpperCase(c));
        }
        return found != inverted;
    }

    private boolean listed(int c) {
        for (int i = 0; i < ranges.length; i += 2) {
            if (c >= ranges[i] && c <= ranges[i + 1]) {
                return true;
            }
        }
        return false;
    }
}
