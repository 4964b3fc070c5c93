package dev.weir.engine.stage;

/// Arithmetic of event time in nanoseconds that does not overflow at the ends of the scale.
final class Watermark {
    /// Before every time.
    static final long NONE = Long.MIN_VALUE;

    private Watermark() {}

    /// The time up to which nothing more is expected.
    static long of(long latest, long lateness) {
        return minus(latest, lateness);
    }

    /// `time - span`, or the smallest number.
    static long minus(long time, long span) {
        long result = time - span;
        return span >= 0 && result > time ? Long.MIN_VALUE : result;
    }

    /// `time + span`, or the greatest number.
    static long plus(long time, long span) {
        long result = time + span;
        return span >= 0 && result < time ? Long.MAX_VALUE : result;
    }

    /// The distance of two times, or the greatest number.
    static long distance(long a, long b) {
        long difference = a - b;
        boolean overflow = ((a ^ b) & (a ^ difference)) < 0;
        return overflow || difference == Long.MIN_VALUE ? Long.MAX_VALUE : Math.abs(difference);
    }

    /// The start of the interval of that length, counted from 1970, in which a time lies.
    static long aligned(long time, long size) {
        long start = time - Math.floorMod(time, size);
        return start > time ? Long.MIN_VALUE : start;
    }
}
