package dev.weir.testkit.disk;

import java.io.IOException;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The disk: its files, its space, what programs do to it, and the cut. Everything is guarded by
/// one lock, under which nothing blocks but a force at a closed gate, which gives the lock away.
final class Volume {
    static final String IO_ERROR = "Input/output error";
    static final String NO_SPACE = "No space left on device";
    static final String READ_ONLY = "Read-only file system";

    /// How many files and folders it takes, as a file system with so many inodes.
    private static final int NODES = 65_536;

    /// With more versions than this a file is written back, as a kernel short of memory would do.
    private static final long VERSION_BYTES = 64L << 20;

    private static final long LARGEST_FILE = 1L << 44;

    final ReentrantLock lock = new ReentrantLock();
    final Condition changed = lock.newCondition();
    final Faults faults = new Faults();
    final History history = new History();
    final NameLog names = new NameLog();
    final Folder root;
    private final InstantSource time;

    // Guarded by lock.
    private final List<View> views = new ArrayList<>();
    private long nextId;
    private long sequence;
    private long capacity;
    private long used;
    private int nodes;
    private boolean readOnly;
    private boolean garbage;
    private @Nullable Gate gate;
    private String lastCut = "none";

    /// What is done under the lock.
    @FunctionalInterface
    interface Step<T extends @Nullable Object> {
        T run() throws IOException;
    }

    /// A force that has begun, and its two ends.
    private record Forcing(boolean isNeeded, Runnable success, Runnable failure) {}

    Volume(long capacity, InstantSource time) {
        this.capacity = capacity;
        this.time = time;
        root = new Folder(nextId++, now());
        nodes = 1;
    }

    <T extends @Nullable Object> T locked(Step<T> step) throws IOException {
        lock.lock();
        try {
            return step.run();
        } finally {
            lock.unlock();
        }
    }

    /// Does what counts as one operation, or cuts the power in its midst. Under the lock, as all
    /// that follows.
    <T extends @Nullable Object> T counted(View view, Step<T> step) throws IOException {
        OptionalLong cut = faults.next();
        if (cut.isEmpty()) {
            return step.run();
        }
        try {
            step.run();
        } catch (IOException e) {
            history.add("  which would have failed: " + e.getMessage());
        }
        cutPower(cut.getAsLong());
        view.check();
        throw new IllegalStateException("a process has outlived a power cut");
    }

    FileTime now() {
        return FileTime.from(time.instant());
    }

    void add(View view) {
        views.add(view);
    }

    void end(View view, String why) {
        history.add(view + " ends: " + why);
        views.remove(view);
        view.end(why);
        changed.signalAll();
    }

    void requireWritable() throws IOException {
        if (readOnly) {
            throw new IOException(READ_ONLY);
        }
    }

    // Files and their space

    long takeId() throws IOException {
        if (nodes == NODES) {
            throw new IOException(NO_SPACE);
        }
        nodes++;
        return nextId++;
    }

    void unlink(Node node) {
        node.linked = false;
        nodes--;
        free(node);
    }

    /// Gives back the space of a file that nobody holds.
    void free(Node node) {
        if (node instanceof DiskFile file && !file.isHeld()) {
            used -= file.space.bytes();
        }
    }

    // What programs do to a file

    int write(DiskChannel channel, DiskFile file, long position, byte[] bytes) throws IOException {
        history.add("write " + channel.path() + " " + position + "+" + bytes.length);
        return counted(channel.view(), () -> put(channel, file, position, bytes));
    }

    private int put(DiskChannel channel, DiskFile file, long position, byte[] bytes) throws IOException {
        boolean fails = faults.strikes(Fault.FAILED_WRITE, channel.name());
        boolean shortens = faults.strikes(Fault.SHORT_WRITE, channel.name());
        requireWritable();
        if (fails) {
            throw new IOException(IO_ERROR);
        }
        if (position > LARGEST_FILE - bytes.length) {
            throw new IOException("File too large");
        }
        int wanted = shortens ? Math.max(1, bytes.length / 2) : bytes.length;
        int length = file.space.fitting(position, wanted, free());
        if (length == 0) {
            throw new IOException(NO_SPACE);
        }
        used -= file.space.bytes();
        file.space.take(position, length);
        used += file.space.bytes();
        file.bytes.write(++sequence, position, bytes, length);
        file.modified = now();
        if (file.bytes.pendingBytes() > VERSION_BYTES) {
            file.bytes.force(file.bytes.capture(sequence));
        }
        return length;
    }

    void truncate(View view, String path, DiskFile file, long size) throws IOException {
        history.add("truncate " + path + " to " + size);
        counted(view, () -> {
            requireWritable();
            if (size < file.bytes.size()) {
                used -= file.space.bytes();
                file.space.truncate(size);
                used += file.space.bytes();
                file.bytes.truncate(++sequence, size);
                file.modified = now();
            }
            return null;
        });
    }

    void force(DiskChannel channel, Node node) throws IOException {
        history.add("force " + channel.path());
        boolean fails = faults.strikes(Fault.FAILED_FORCE, channel.name());
        boolean reverts = faults.strikes(Fault.REVERTING_FORCE, channel.name());
        Forcing forcing = counted(channel.view(), () -> begin(node, reverts));
        if (gate != null) {
            gate.pass(channel);
            channel.requireUsable();
        }
        if (fails || reverts) {
            history.add("  which failed");
            forcing.failure.run();
            throw new IOException(IO_ERROR);
        }
        if (forcing.isNeeded) {
            requireWritable();
        }
        forcing.success.run();
    }

    private Forcing begin(Node node, boolean reverts) {
        return switch (node) {
            case DiskFile file -> {
                FileBytes.Capture capture = file.bytes.capture(sequence);
                yield new Forcing(
                        !file.bytes.isClean(),
                        () -> file.bytes.force(capture),
                        () -> file.bytes.failForce(capture, reverts));
            }
            case Folder folder -> {
                Collection<NameLog.Change> changes = names.capture(folder);
                yield new Forcing(!changes.isEmpty(), () -> names.force(changes), () -> names.failForce(changes));
            }
        };
    }

    // What a test does to the disk

    void cutPower(long seed) {
        lastCut = "seed %d at operation %d".formatted(seed, faults.operations());
        history.add("power cut, " + lastCut);
        views.forEach(view -> view.end("the power was cut, " + lastCut));
        views.clear();
        Chance chance = new Chance(seed);
        names.cutPower(chance);
        used = 0;
        nodes = 0;
        restart(root, chance);
        faults.clear();
        readOnly = false;
        gate = null;
        changed.signalAll();
    }

    private void restart(Node node, Chance chance) {
        nodes++;
        node.linked = true;
        switch (node) {
            case DiskFile file -> {
                file.bytes.cutPower(chance, garbage);
                file.space.restart(file.bytes.platterPages(), file.bytes.size());
                used += file.space.bytes();
            }
            case Folder folder -> {
                folder.entries.clear();
                folder.entries.putAll(folder.platter);
                folder.entries.values().forEach(entry -> restart(entry, chance));
            }
        }
    }

    Gate holdForces() {
        gate = new Gate(lock, changed);
        return gate;
    }

    void readOnly(boolean now) {
        history.add(now ? "read-only from now on" : "writable from now on");
        readOnly = now;
    }

    boolean isReadOnly() {
        return reading(() -> readOnly);
    }

    void garbage(boolean now) {
        garbage = now;
    }

    void capacity(long bytes) {
        history.add("capacity " + bytes);
        capacity = bytes;
    }

    long capacity() {
        return reading(() -> capacity);
    }

    long used() {
        return reading(() -> used);
    }

    long free() {
        return reading(() -> Math.max(0, capacity - used));
    }

    String lastCut() {
        return reading(() -> lastCut);
    }

    private <T> T reading(Supplier<T> value) {
        lock.lock();
        try {
            return value.get();
        } finally {
            lock.unlock();
        }
    }
}
