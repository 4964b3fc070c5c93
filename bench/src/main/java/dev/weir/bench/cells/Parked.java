package dev.weir.bench.cells;

import java.util.concurrent.atomic.AtomicInteger;

/// What a G takes that waits for an element: the heap after a full collection with a hundred
/// thousand of them, less the heap before.
final class Parked {
    private static final int COUNT = 100_000;

    private final Library library;

    Parked(Library library) {
        this.library = library;
    }

    /// Three times to warm up, so that the stacks are those of compiled methods, then measured.
    void run() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            bytesOf(COUNT);
        }
        Cell.print("bytes", (double) bytesOf(COUNT) / COUNT);
    }

    private long bytesOf(int count) throws InterruptedException {
        long before = usedAfterCollection();
        Pipe pipe = library.pipe(0);
        AtomicInteger waiting = new AtomicInteger();
        AtomicInteger released = new AtomicInteger();
        for (int i = 0; i < count; i++) {
            library.go(() -> {
                waiting.incrementAndGet();
                pipe.receive();
                released.incrementAndGet();
            });
        }
        await(waiting, count);
        Thread.sleep(300); // the last of them are still on their way to where they wait
        long bytes = usedAfterCollection() - before;
        library.go(() -> {
            for (int i = 0; i < count; i++) {
                pipe.send(1);
            }
        });
        await(released, count);
        return bytes;
    }

    private static void await(AtomicInteger counter, int count) throws InterruptedException {
        while (counter.get() < count) {
            Thread.sleep(5);
        }
    }

    private static long usedAfterCollection() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(20);
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
