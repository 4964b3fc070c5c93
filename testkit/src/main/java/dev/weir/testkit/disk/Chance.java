package dev.weir.testkit.disk;

import java.util.SplittableRandom;

/// What a seed makes of one power cut. How much is kept differs from cut to cut, all and nothing
/// included, since a fair coin for each of a hundred sectors would hardly ever show either.
final class Chance {
    private static final double[] KEPT = {0, 0.25, 0.5, 0.75, 1};

    private final SplittableRandom random;
    private final double data;
    private final double sizes;
    private final double names;

    Chance(long seed) {
        random = new SplittableRandom(seed);
        data = KEPT[random.nextInt(KEPT.length)];
        sizes = KEPT[random.nextInt(KEPT.length)];
        names = KEPT[random.nextInt(KEPT.length)];
    }

    boolean keepsSector() {
        return random.nextDouble() < data;
    }

    boolean keepsName() {
        return random.nextDouble() < names;
    }

    /// Which of so many sizes in turn is the last that arrived; -1 for none of them.
    int lastSize(int count) {
        return random.nextDouble() < sizes ? count - 1 : random.nextInt(count + 1) - 1;
    }

    /// Which of so many versions arrived, the newest more often than the others.
    int version(int count) {
        return random.nextBoolean() ? count - 1 : random.nextInt(count);
    }

    byte[] garbage(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
