package dev.weir.testkit;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Makes new inputs of known ones.
final class FuzzChanges {
    private static final byte[][] NUMBERS = {
        {0},
        {(byte) 0xff},
        {0x7f},
        {(byte) 0x80},
        {(byte) 0xff, (byte) 0xff},
        {(byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f},
        {0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff},
        {0, 0, 0, 0},
        {(byte) 0x80, 0, 0, 0}
    };
    private static final String[] DECIMALS = {
        "0", "-1", "1e999", "9223372036854775808", "-9223372036854775809", "0.1", "1e-400", "2147483648", "NaN", "00"
    };

    private final Random random;
    private final List<byte[]> pool;
    private final List<byte[]> words;
    private final int maxBytes;

    /// @param pool may grow between calls
    FuzzChanges(Random random, List<byte[]> pool, List<byte[]> words, int maxBytes) {
        this.random = random;
        this.pool = pool;
        this.words = words;
        this.maxBytes = maxBytes;
    }

    /// One to eight changes of an input that is known.
    byte[] next(Fuzz.Change structure) {
        byte[] input = any();
        for (int changes = 1 << random.nextInt(4); changes > 0; changes--) {
            input = random.nextBoolean() ? structure.of(input, random) : change(input);
        }
        return input.length > maxBytes ? Arrays.copyOf(input, maxBytes) : input;
    }

    private byte[] any() {
        return pool.get(random.nextInt(pool.size()));
    }

    private byte[] change(byte[] input) {
        int at = random.nextInt(input.length + 1);
        int cut = Math.min(input.length - at, random.nextInt(random.nextInt(8) == 0 ? 200 : 8));
        return switch (random.nextInt(11)) {
            case 0 -> flipped(input);
            case 1 -> replaced(input, at, 0, noise());
            case 2 -> replaced(input, at, cut, new byte[0]);
            case 3 -> replaced(input, at, cut, part(input));
            case 4 -> replaced(input, at, 0, part(any()));
            case 5 -> replaced(input, at, cut, word());
            case 6 -> replaced(input, at, 0, word());
            case 7 -> {
                byte[] number = NUMBERS[random.nextInt(NUMBERS.length)];
                yield replaced(input, at, Math.min(number.length, input.length - at), number);
            }
            case 8 -> decimal(input, at);
            case 9 -> Arrays.copyOf(input, at);
            default -> replaced(input, at, 0, repeated(part(input)));
        };
    }

    private byte[] flipped(byte[] input) {
        byte[] output = input.clone();
        if (output.length > 0) {
            output[random.nextInt(output.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return output;
    }

    private byte[] noise() {
        byte[] noise = new byte[1 + random.nextInt(16)];
        random.nextBytes(noise);
        return noise;
    }

    private byte[] word() {
        return words.isEmpty() ? noise() : words.get(random.nextInt(words.size()));
    }

    private byte[] part(byte[] of) {
        int from = random.nextInt(of.length + 1);
        return Arrays.copyOfRange(of, from, Math.min(of.length, from + random.nextInt(64)));
    }

    /// Deep nesting, long lists.
    private byte[] repeated(byte[] piece) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int times = 1 << random.nextInt(12);
        for (int i = 0; i < times && out.size() + piece.length < maxBytes; i++) {
            out.writeBytes(piece);
        }
        return out.toByteArray();
    }

    /// Another number for one that stands at `at` or after it.
    private byte[] decimal(byte[] input, int at) {
        int from = at;
        while (from < input.length && (input[from] < '0' || input[from] > '9')) {
            from++;
        }
        int to = from;
        while (to < input.length && input[to] >= '0' && input[to] <= '9') {
            to++;
        }
        byte[] number = DECIMALS[random.nextInt(DECIMALS.length)].getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        return replaced(input, from, to - from, number);
    }

    private static byte[] replaced(byte[] input, int at, int cut, byte[] by) {
        byte[] output = new byte[input.length - cut + by.length];
        System.arraycopy(input, 0, output, 0, at);
        System.arraycopy(by, 0, output, at, by.length);
        System.arraycopy(input, at + cut, output, at + by.length, input.length - at - cut);
        return output;
    }
}
