package dev.weir.bench.journal;

import dev.weir.bench.cells.Cell;
import dev.weir.journal.Fsync;
import dev.weir.journal.Journal;
import dev.weir.journal.JournalSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/// Measures one log in a JVM that does nothing else, and prints `name value` lines.
public final class JournalCell {
    private static final int RECORD = 200;
    private static final int THREADS = 1_000;
    private static final int BATCH = 1024 * 1024;
    private static final int SLICES = 40;
    private static final long SLICE_NANOS = 200_000_000;
    private static final int RECORDS_TO_READ = 2_000_000;
    private static final long LARGE_JOURNAL = 10L * 1024 * 1024 * 1024;

    private JournalCell() {}

    /// `<workload> <candidate> <folder> <seconds>`.
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[2]);
        int seconds = Integer.parseInt(args[3]);
        switch (args[0]) {
            case "group" -> group(args[1], folder, seconds);
            case "one" -> one(folder);
            case "batch" -> batch(folder);
            case "read" -> read(args[1], folder);
            case "open" -> open(folder);
            default -> throw new IllegalArgumentException("there is no workload " + args[0]);
        }
    }

    private static DurableLog log(String candidate, Path folder, Fsync fsync) throws Exception {
        return switch (candidate) {
            case "weir" -> new WeirLog(folder.resolve("journal"), fsync);
            case "rocksdb" -> new RocksLog(folder.resolve("rocks"));
            case "sqlite" -> new SqliteLog(folder.resolve("sqlite.db"));
            default -> throw new IllegalArgumentException("there is no candidate " + candidate);
        };
    }

    private static byte[] record() {
        byte[] record = new byte[RECORD];
        ThreadLocalRandom.current().nextBytes(record);
        return record;
    }

    /// A thousand virtual threads, each of which waits until its record is durable.
    private static void group(String candidate, Path folder, int seconds) throws Exception {
        LongAdder done = new LongAdder();
        AtomicBoolean stopped = new AtomicBoolean();
        List<Thread> threads = new ArrayList<>();
        List<Exception> failures = Collections.synchronizedList(new ArrayList<>());
        try (DurableLog log = log(candidate, folder, new Fsync.Always())) {
            for (int i = 0; i < THREADS; i++) {
                threads.add(Thread.startVirtualThread(() -> {
                    byte[] record = record();
                    try {
                        while (!stopped.get()) {
                            log.append(record);
                            done.increment();
                        }
                    } catch (Exception e) {
                        failures.add(e);
                    }
                }));
            }
            Thread.sleep(3_000);
            long before = done.sum();
            long start = System.nanoTime();
            Thread.sleep(seconds * 1_000L);
            Cell.print("rate", (done.sum() - before) * 1e9 / (System.nanoTime() - start));
            stopped.set(true);
            for (Thread thread : threads) {
                thread.join();
            }
        }
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }

    private interface Once {
        void run() throws Exception;
    }

    /// Two ways in turn, a fifth of a second each, since the disk is shared.
    private static double[] inTurn(Once ours, Once plain) throws Exception {
        long[] count = new long[2];
        long[] nanos = new long[2];
        for (int slice = 0; slice < SLICES; slice++) {
            boolean warm = slice >= SLICES / 4;
            for (int who = 0; who < 2; who++) {
                long start = System.nanoTime();
                long n = 0;
                while (System.nanoTime() - start < SLICE_NANOS) {
                    (who == 0 ? ours : plain).run();
                    n++;
                }
                count[who] += warm ? n : 0;
                nanos[who] += warm ? System.nanoTime() - start : 0;
            }
        }
        return new double[] {(double) nanos[0] / count[0], (double) nanos[1] / count[1]};
    }

    /// One who appends and waits, beside a plain write and force of as many bytes.
    private static void one(Path folder) throws Exception {
        byte[] record = record();
        try (DurableLog log = log("weir", folder, new Fsync.Always());
                PlainFile plain = new PlainFile(folder.resolve("plain"), RECORD)) {
            double[] nanos = inTurn(() -> log.append(record), plain::append);
            Cell.print("weir", nanos[0] / 1e3);
            Cell.print("plain", nanos[1] / 1e3);
        }
    }

    /// Batches of a mebibyte, beside a plain write and force of as many bytes.
    private static void batch(Path folder) throws Exception {
        List<byte[]> records = new ArrayList<>();
        for (int bytes = 0; bytes < BATCH; bytes += RECORD + 24) {
            records.add(record());
        }
        try (DurableLog log = log("weir", folder, new Fsync.Always());
                PlainFile plain = new PlainFile(folder.resolve("plain"), BATCH)) {
            double[] nanos = inTurn(() -> log.append(records), plain::append);
            Cell.print("weir", BATCH * 1e3 / nanos[0]);
            Cell.print("plain", BATCH * 1e3 / nanos[1]);
        }
    }

    private static void read(String candidate, Path folder) throws Exception {
        List<byte[]> records = new ArrayList<>();
        for (int i = 0; i < 4_000; i++) {
            records.add(record());
        }
        try (DurableLog log = log(candidate, folder, new Fsync.Never())) {
            for (int i = 0; i < RECORDS_TO_READ; i += records.size()) {
                log.append(records);
            }
            log.readAll();
            long start = System.nanoTime();
            long count = log.readAll();
            Cell.print("rate", count * 1e9 / (System.nanoTime() - start));
        }
    }

    /// How long it takes until a large journal is open.
    private static void open(Path folder) throws IOException, InterruptedException {
        JournalSettings settings =
                JournalSettings.standard().fsync(new Fsync.Never()).retain(JournalSettings.Retention.all());
        byte[] large = new byte[64 * 1024];
        ThreadLocalRandom.current().nextBytes(large);
        try (Journal journal = Journal.open(folder.resolve("large"), settings)) {
            for (long bytes = 0; bytes < LARGE_JOURNAL; bytes += large.length) {
                journal.append(large);
            }
        }
        long start = System.nanoTime();
        try (Journal journal = Journal.open(folder.resolve("large"), settings)) {
            Cell.print("open", (System.nanoTime() - start) / 1e6);
            Cell.print("segments", journal.stats().segments());
        }
    }
}
