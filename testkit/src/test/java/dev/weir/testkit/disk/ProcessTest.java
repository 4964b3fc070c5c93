package dev.weir.testkit.disk;

import static dev.weir.testkit.disk.Durable.open;
import static dev.weir.testkit.disk.Durable.sectors;
import static dev.weir.testkit.disk.Durable.sectorsOf;
import static dev.weir.testkit.disk.Durable.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.testkit.Eventually;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// Processes on one disk: their locks, their ends, and threads that are interrupted.
class ProcessTest {
    private final FaultyDisk disk = new FaultyDisk();
    private final Path file = disk.path("/lock");

    private static Path inOther(FileSystem process) {
        return process.getPath("/lock");
    }

    @Test
    void tryLock_ofAnotherProcess_isRefusedUntilReleased() throws Exception {
        try (FileSystem other = disk.otherProcess();
                FileChannel mine = open(file);
                FileChannel theirs = open(inOther(other))) {
            FileLock lock = mine.tryLock();
            assertThat(lock.isValid()).isTrue();
            assertThat(theirs.tryLock()).isNull();
            lock.release();
            assertThat(lock.isValid()).isFalse();
            assertThat(theirs.tryLock()).isNotNull();
        }
    }

    @Test
    void tryLock_twiceInOneProcess_isAMistake() throws Exception {
        try (FileChannel one = open(file);
                FileChannel two = open(file)) {
            assertThat(one.tryLock(0, 10, false)).isNotNull();
            assertThatThrownBy(() -> two.tryLock(5, 1, false)).isInstanceOf(OverlappingFileLockException.class);
            assertThat(two.tryLock(10, 1, false)).isNotNull();
        }
    }

    @Test
    void tryLock_shared_isRefusedOnlyBesideAnExclusiveOne() throws Exception {
        try (FileSystem other = disk.otherProcess();
                FileChannel mine = open(file);
                FileChannel theirs = open(inOther(other))) {
            mine.lock(0, 10, true);
            assertThat(theirs.tryLock(0, 10, true)).isNotNull();
            mine.lock(20, 10, false);
            assertThat(theirs.tryLock(20, 10, true)).isNull();
        }
    }

    @Test
    void lock_isFree_whenItsProcessIsKilledOrThePowerIsCut() throws Exception {
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE)
                .lock();
        disk.kill(file);
        assertThat(open(disk.path("/lock")).tryLock()).isNotNull();
        disk.powerCut(1);
        assertThat(open(disk.path("/lock")).tryLock()).isNotNull();
    }

    @Test
    void lock_isLost_whenItsProcessClosesAnotherChannelOfTheFile() throws Exception {
        try (FileSystem other = disk.otherProcess();
                FileChannel mine = open(file);
                FileChannel theirs = open(inOther(other))) {
            mine.lock();
            Files.readAllBytes(file);
            assertThat(theirs.tryLock()).isNotNull();
        }
    }

    @Test
    void kill_leavesAllThatWasWritten_andEndsTheProcess() throws Exception {
        FileChannel channel = open(file);
        write(channel, 0, sectors(1, 3));
        disk.kill(file);

        assertThatThrownBy(channel::size).isInstanceOf(IOException.class).hasMessage("the process was killed");
        assertThatThrownBy(() -> Files.size(file)).hasMessage("the process was killed");
        assertThat(sectorsOf(Files.readAllBytes(disk.path("/lock")))).containsExactly(1, 2, 3);
    }

    @Test
    void close_ofProcess_closesItsFileSystemOnly() throws Exception {
        FileSystem other = disk.otherProcess();
        Files.createFile(inOther(other));
        other.close();
        assertThat(other.isOpen()).isFalse();
        assertThatThrownBy(() -> Files.size(inOther(other))).isInstanceOf(ClosedFileSystemException.class);
        assertThat(Files.size(file)).isZero();
    }

    private static Throwable failure(FutureTask<?> task) {
        ThrowingCallable wait = task::get;
        return assertThatThrownBy(wait)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .actual();
    }

    @Test
    void interrupt_beforeAnOperation_closesTheChannel() throws Exception {
        FileChannel channel = open(file);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> channel.write(ByteBuffer.allocate(1))).isInstanceOf(ClosedByInterruptException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(channel.isOpen()).isFalse();
        assertThat(Files.size(file)).isZero();
        assertThatThrownBy(channel::size).isExactlyInstanceOf(ClosedChannelException.class);
    }

    @Test
    void interrupt_ofHeldForce_closesTheChannel() throws Exception {
        for (Thread.Builder kind : new Thread.Builder[] {Thread.ofPlatform(), Thread.ofVirtual()}) {
            Gate gate = disk.holdForces();
            FileChannel channel = open(file);
            FutureTask<FileChannel> forcing = new FutureTask<>(() -> {
                channel.force(true);
                return channel;
            });
            Thread thread = kind.name("forcing").start(forcing);
            gate.awaitHeld(1);
            thread.interrupt();
            assertThat(failure(forcing)).isInstanceOf(ClosedByInterruptException.class);
            assertThat(channel.isOpen()).isFalse();
            gate.open();
        }
    }

    @Test
    void close_ofChannelWithHeldForce_failsTheForce() throws Exception {
        Gate gate = disk.holdForces();
        FileChannel channel = open(file);
        FutureTask<FileChannel> forcing = new FutureTask<>(() -> {
            channel.force(true);
            return channel;
        });
        Thread.ofVirtual().name("forcing").start(forcing);
        gate.awaitHeld(1);
        channel.close();
        assertThat(failure(forcing)).isExactlyInstanceOf(AsynchronousCloseException.class);
    }

    @Test
    void lock_thatWaits_getsItWhenItIsFree_orIsInterrupted() throws Exception {
        FileSystem other = disk.otherProcess();
        FileLock held = open(inOther(other)).lock();
        FileChannel mine = open(file);
        FutureTask<FileLock> waiting = new FutureTask<>(mine::lock);
        Thread thread = Thread.ofPlatform().name("locking").start(waiting);
        Eventually.until("it waits", () -> thread.getState() == Thread.State.WAITING);
        held.release();
        assertThat(waiting.get().isValid()).isTrue();

        FutureTask<FileLock> interrupted = new FutureTask<>(open(inOther(other))::lock);
        Thread second = Thread.ofPlatform().name("locking").start(interrupted);
        Eventually.until("it waits", () -> second.getState() == Thread.State.WAITING);
        second.interrupt();
        assertThat(failure(interrupted)).isInstanceOf(FileLockInterruptionException.class);
    }

    @Test
    void write_ofManyThreads_losesNothing() throws Exception {
        int threads = 8;
        int each = 200;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            Thread[] started = new Thread[threads];
            for (int t = 0; t < threads; t++) {
                byte[] record = sectors(t + 1, 1);
                FutureTask<FileChannel> task = new FutureTask<>(() -> {
                    for (int i = 0; i < each; i++) {
                        channel.write(ByteBuffer.wrap(record));
                        channel.force(false);
                    }
                    return channel;
                });
                started[t] = Thread.ofVirtual().name("writing-" + t).start(task);
            }
            for (Thread thread : started) {
                thread.join();
            }
        }
        Durable.force(disk.path("/"));
        disk.powerCut(1);
        int[] counts = new int[threads + 1];
        sectorsOf(Files.readAllBytes(disk.path("/lock"))).forEach(number -> counts[number]++);
        assertThat(counts).containsExactly(0, each, each, each, each, each, each, each, each);
    }
}
