package dev.weir.testkit.disk;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A disk in memory that forgets, tears, fills up and fails as a test tells it to. Programs use it
/// through `java.nio.file`: whatever is given one of its paths runs on it unchanged.
///
/// A test writes, cuts the power with a seed, and opens again what it finds:
///
/// ```java
/// FaultyDisk disk = new FaultyDisk();
/// Path folder = Files.createDirectories(disk.path("/data"));
/// disk.cutPowerAt(17, seed);             // in the midst of the 17th operation from now
/// try { work(folder); } catch (IOException e) { /* the power is gone */ }
/// check(disk.path("/data"));             // after the restart: what the platter has
/// ```
///
/// A process that was cut or killed does not come back: its paths, channels and locks fail with an
/// [IOException] for ever, whatever its threads still try. Take new paths from the disk.
///
/// What counts as an **operation** is a write, a truncation, a force, and a change of names
/// (creation, move, deletion), when it gets so far as to reach the disk. Everything that is planned
/// counts from when it is planned, the next is number 1; a cut forgets what is planned.
///
/// **Bounds.** The capacity in bytes (a dense file takes its size, a hole nothing), 65,536 files
/// and folders, 4,096 open channels of a process. Of unforced writes the last eight versions of
/// each sector are remembered, and a file with more than 64 MiB of these is written back of
/// itself, as by a kernel; so is the oldest of more than 4,096 changes of names.
///
/// Thread-safe. The same calls in the same order with the same seeds have the same outcome.
public final class FaultyDisk {
    /// The capacity when none is said.
    public static final long CAPACITY_BYTES = 256L << 20;

    private final Volume volume;
    private final DiskProvider provider;

    // Guarded by the volume's lock.
    private int processes;
    private @Nullable View current;

    /// A disk of [#CAPACITY_BYTES], whose files bear the system's time.
    public FaultyDisk() {
        this(CAPACITY_BYTES, Clock.systemUTC());
    }

    /// @param time for the times that files bear
    public FaultyDisk(long capacityBytes, InstantSource time) {
        volume = new Volume(requireCapacity(capacityBytes), time);
        provider = new DiskProvider(volume);
    }

    private static long requireCapacity(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("a capacity must not be negative, but was " + bytes);
        }
        return bytes;
    }

    private interface Locked<T> {
        T run();
    }

    private <T> T locked(Locked<T> step) {
        volume.lock.lock();
        try {
            return step.run();
        } finally {
            volume.lock.unlock();
        }
    }

    // Processes

    /// A path in the process that the disk is used by first; when that has ended, of its successor.
    public Path path(String text) {
        return process().getPath(text);
    }

    private View process() {
        return locked(() -> {
            View process = current;
            if (process == null || !process.isAlive()) {
                process = start();
                current = process;
            }
            return process;
        });
    }

    private View start() {
        View view = new View(volume, provider, ++processes);
        volume.add(view);
        return view;
    }

    /// The disk as one more process sees it: the same files, and locks of its own. Closing it ends
    /// the process.
    public FileSystem otherProcess() {
        return locked(this::start);
    }

    /// Ends the process of a path as SIGKILL does: its channels are dead, its locks are free, and
    /// everything that it has written is still seen by the others.
    public void kill(Path path) {
        kill(path.getFileSystem());
    }

    /// Ends a process as SIGKILL does.
    public void kill(FileSystem process) {
        if (!(process instanceof View view) || view.volume != volume) {
            throw new IllegalArgumentException(process + " is not a process of this disk");
        }
        locked(() -> {
            volume.end(view, "the process was killed");
            return view;
        });
    }

    // Cuts

    /// Cuts the power now. Ends every process; then the disk has what it has kept.
    public void powerCut(long seed) {
        locked(() -> {
            volume.cutPower(seed);
            return volume;
        });
    }

    /// Cuts the power in the midst of the n-th operation from now, which fails. What it was to do
    /// may be there, in part or not at all, as everything else that was not forced.
    public void cutPowerAt(long nth, long seed) {
        locked(() -> {
            volume.faults.cutAt(nth, seed);
            return volume;
        });
    }

    /// How many operations there were.
    public long operations() {
        return locked(volume.faults::operations);
    }

    /// Lets the part of a file that it grew by, and that never arrived, hold anything after a cut
    /// (as on a file system that does not order data before sizes) and not only zeros.
    public void leaveGarbage() {
        locked(() -> {
            volume.garbage(true);
            return volume;
        });
    }

    // Faults

    /// Lets the n-th operation from now that this fault can befall meet it.
    public void plan(Fault fault, long nth) {
        plan(fault, "*", nth);
    }

    /// Lets the n-th operation from now on files of a name meet a fault.
    ///
    /// @param names a glob of file names: `*.journal`
    public void plan(Fault fault, String names, long nth) {
        locked(() -> {
            volume.faults.plan(fault, names, nth);
            return volume;
        });
    }

    /// Lets each operation that this fault can befall meet it with a probability.
    public void atRandom(Fault fault, double probability, long seed) {
        locked(() -> {
            volume.faults.atRandom(fault, probability, seed);
            return volume;
        });
    }

    /// Forgets what is planned.
    public void planNothing() {
        locked(() -> {
            volume.faults.clear();
            return volume;
        });
    }

    /// Changes the capacity, as when somebody else fills the disk or frees space. The write that
    /// meets it is short; one that finds no room for a byte fails with "No space left on device".
    public void capacity(long bytes) {
        locked(() -> {
            volume.capacity(requireCapacity(bytes));
            return volume;
        });
    }

    /// How many bytes the files take.
    public long usedBytes() {
        return volume.used();
    }

    /// From now on everything that would change the disk fails with "Read-only file system", as
    /// after a kernel has found damage; or no longer. A restart makes it writable again.
    public void readOnly(boolean now) {
        locked(() -> {
            volume.readOnly(now);
            return volume;
        });
    }

    /// Makes a part of a file unreadable, cuts or not: a read that begins before it ends there, one
    /// that begins in it fails with "Input/output error".
    public void unreadable(Path path, long from, long to) throws IOException {
        DiskFile.Range range = new DiskFile.Range(from, to);
        DiskFile file = file(path);
        locked(() -> file.unreadable.add(range));
    }

    /// Makes all of a file readable again.
    public void readable(Path path) throws IOException {
        DiskFile file = file(path);
        locked(() -> file.unreadable.removeIf(_ -> true));
    }

    /// Flips a bit on the platter. Programs see it at once, unless they have written the sector
    /// since the last force.
    ///
    /// @param bit 0 is the lowest
    public void flipBit(Path path, long offset, int bit) throws IOException {
        if (bit < 0 || bit > 7) {
            throw new IllegalArgumentException("a bit is 0 to 7, but was " + bit);
        }
        DiskFile file = file(path);
        locked(() -> {
            if (offset < 0 || offset >= file.bytes.size()) {
                throw new IllegalArgumentException(
                        path + " has " + file.bytes.size() + " bytes, there is none at " + offset);
            }
            volume.history.add("flip bit %d of %s at %d".formatted(bit, path, offset));
            file.bytes.flip(offset, bit);
            return file;
        });
    }

    private DiskFile file(Path path) throws IOException {
        if (provider.tree().require(DiskPath.of(path)) instanceof DiskFile file) {
            return file;
        }
        throw new IOException(path + " is a folder");
    }

    /// Holds every force from now until the gate is opened, instead of letting it take its time.
    public Gate holdForces() {
        return locked(volume::holdForces);
    }

    // For the message of a test that fails

    /// The last 100 operations, faults and cuts, the oldest first.
    public List<String> history() {
        return locked(volume.history::lines);
    }

    @Override
    public String toString() {
        return locked(() -> "FaultyDisk: %d of %d bytes, %d operations, last cut: %s; lately:%n  %s"
                .formatted(
                        volume.used(),
                        volume.capacity(),
                        volume.faults.operations(),
                        volume.lastCut(),
                        String.join(System.lineSeparator() + "  ", volume.history.lines())));
    }
}
