package dev.weir.testkit.disk;

import static dev.weir.testkit.disk.Pages.SECTOR;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// After any writes, truncations, forces and a cut, every sector of a file is one that the file had
/// since the last force that succeeded, and its size is one that it had.
class PowerCutOracleTest {
    private static final int SEEDS = 400;
    private static final int STEPS = 30;
    private static final int LARGEST = 20 * SECTOR;
    private static final long SEED = Long.getLong("weir.seed", 1);

    /// The whole file, each time that it has changed since the last force.
    private final List<byte[]> states = new ArrayList<>();

    @Test
    void cut_ofAnyWrites_leavesOnlyWhatWasThere() throws Exception {
        int forced = 0;
        int lost = 0;
        for (long seed = SEED; seed < SEED + SEEDS; seed++) {
            Random random = new Random(seed);
            FaultyDisk disk = new FaultyDisk();
            states.clear();
            states.add(new byte[0]);
            Durable.file(disk.path("/f"), new byte[0]);
            try (FileChannel channel = Durable.open(disk.path("/f"))) {
                for (int i = 0; i < STEPS; i++) {
                    step(channel, random);
                }
            }
            byte[] before = Files.readAllBytes(disk.path("/f"));
            assertThat(before).as("-Dweir.seed=%d", seed).isEqualTo(states.getLast());

            disk.powerCut(seed);

            byte[] left = Files.readAllBytes(disk.path("/f"));
            check(left, "-Dweir.seed=" + seed + " " + disk);
            forced += states.size() == 1 ? 1 : 0;
            lost += Arrays.equals(before, left) ? 0 : 1;
        }
        assertThat(forced).isPositive();
        assertThat(lost).isGreaterThan(SEEDS / 2);
    }

    private void step(FileChannel channel, Random random) throws IOException {
        byte[] now = states.getLast();
        int kind = random.nextInt(10);
        if (kind == 0) {
            channel.force(false);
            states.clear();
            states.add(now);
        } else if (kind == 1) {
            int size = random.nextInt(now.length + 1);
            channel.truncate(size);
            states.add(Arrays.copyOf(now, size));
        } else {
            byte[] bytes = new byte[1 + random.nextInt(kind < 4 ? 8 * SECTOR : SECTOR)];
            random.nextBytes(bytes);
            int at = kind < 6 ? now.length : random.nextInt(LARGEST);
            assertThat(channel.write(ByteBuffer.wrap(bytes), at)).isEqualTo(bytes.length);
            byte[] next = Arrays.copyOf(now, Math.max(now.length, at + bytes.length));
            System.arraycopy(bytes, 0, next, at, bytes.length);
            states.add(next);
        }
    }

    private void check(byte[] left, String what) {
        assertThat(states.stream().map(state -> state.length)).as(what).contains(left.length);
        for (int from = 0; from < left.length; from += SECTOR) {
            byte[] sector = Arrays.copyOfRange(left, from, Math.min(left.length, from + SECTOR));
            int start = from;
            boolean was = states.stream().anyMatch(state -> isOf(sector, state, start));
            assertThat(was).as("the sector at %d; %s", from, what).isTrue();
        }
    }

    /// Whether it is what was there, or that with its end cut off by a truncation that came later.
    private boolean isOf(byte[] sector, byte[] state, int from) {
        byte[] old = Arrays.copyOfRange(state, Math.min(from, state.length), Math.max(from, state.length));
        int same = Arrays.mismatch(sector, Arrays.copyOf(old, sector.length));
        if (same < 0) {
            return true;
        }
        byte[] rest = Arrays.copyOfRange(sector, same, sector.length);
        return Arrays.equals(rest, new byte[rest.length]) && cutAt(from, from + same);
    }

    /// Whether the file ended, in this sector, at or before that place.
    private boolean cutAt(int from, int place) {
        return states.stream().anyMatch(state -> state.length <= place || state.length <= from);
    }
}
