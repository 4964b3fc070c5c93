package dev.weir.testkit;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Feeds hostile bytes to a reader for a while: the files of its corpus first, then what comes of
/// changing them.
///
/// A reader passes if it throws nothing, is done with every input within 20 seconds, and takes no
/// more memory for one than [#allocating] allows. What it did with an input is its *outcome*; an
/// input with a new outcome is kept and changed further, so that a run finds its way into a format
/// without instrumented code.
///
/// ```java
/// Fuzz.of("json").seeds("{\"t\":1}").words("{", "}", "\\u0000").allocating(1 << 16,
/// 100).run(input -> { try {
///         return decoder.decode(input);
///     } catch (DecodeException refused) {
///         return refused.getMessage();
///     }
/// });
/// ```
///
/// How long: `-Dweir.fuzz=30m`, two seconds when left out. `-Dweir.seed=N` repeats a run as far as
/// the machine is as fast. The corpus lies in `src/test/resources/fuzz/NAME`; an input that fails
/// is written to `target/fuzz/NAME` and belongs there once the defect is fixed: every run begins
/// with it. With `-Dweir.fuzz.keep=true` a run that passes adds what did something new to
/// [FuzzCorpus]'s file beside that folder.
public final class Fuzz {
    private static final Duration HANG = Duration.ofSeconds(20);
    private static final int MAX_POOL = 4096;
    private static final int WARM_UP = 3;

    private static final com.sun.management.ThreadMXBean ALLOCATION =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final String name;
    private final FuzzCorpus corpus;
    private final List<byte[]> pool = new ArrayList<>();
    private final List<byte[]> found = new ArrayList<>();
    private final FuzzOutcomes outcomes = new FuzzOutcomes();
    private final List<byte[]> words = new ArrayList<>();
    private int maxBytes = 16 << 10;
    private long fixedBytes = Long.MAX_VALUE;
    private long bytesForEach;
    private Change structure = (input, _) -> input;

    // only the feeding thread writes; the watching thread reads
    private volatile byte[] current = {};
    private volatile long since;
    private volatile @Nullable Throwable failure;

    private Fuzz(String name) {
        this.name = name;
        this.corpus = new FuzzCorpus(Path.of("src/test/resources/fuzz"), name);
    }

    /// A reader under test.
    @FunctionalInterface
    public interface Reader {
        /// Reads an input. What it may throw by contract it catches itself.
        ///
        /// @return what came of it, in short: a reason, the kinds of packets
        Object read(byte[] input) throws Exception;
    }

    /// Changes an input by what is known of its structure: swaps packets, repeats lines.
    @FunctionalInterface
    public interface Change {
        /// Makes another input; the same one where there is nothing to change.
        byte[] of(byte[] input, Random random);
    }

    /// A run for one reader.
    ///
    /// @param name of its corpus
    public static Fuzz of(String name) {
        return new Fuzz(name);
    }

    /// Inputs to begin with, beside those of the corpus.
    public Fuzz seeds(String... texts) {
        for (String text : texts) {
            pool.add(text.getBytes(StandardCharsets.UTF_8));
        }
        return this;
    }

    /// An input to begin with.
    public Fuzz seed(byte[] bytes) {
        pool.add(bytes.clone());
        return this;
    }

    /// Pieces to put in.
    public Fuzz words(String... pieces) {
        for (String piece : pieces) {
            words.add(piece.getBytes(StandardCharsets.UTF_8));
        }
        return this;
    }

    /// The longest input; 16 KiB when left out.
    public Fuzz atMost(int bytes) {
        maxBytes = bytes;
        return this;
    }

    /// Limits what the reader may allocate for one input on its own thread: `fixed` bytes and
    /// `each` for every byte of the input.
    public Fuzz allocating(long fixed, long each) {
        fixedBytes = fixed;
        bytesForEach = each;
        return this;
    }

    /// Changes inputs by their structure too, every other time.
    public Fuzz changing(Change change) {
        structure = change;
        return this;
    }

    /// How long a run takes.
    public static Duration budget() {
        String text = System.getProperty("weir.fuzz", "2s");
        return Duration.parse("PT" + text);
    }

    /// Runs, and prints what was done.
    ///
    /// @throws AssertionError if an input fails; its message says how to repeat it
    public void run(Reader reader) throws Exception {
        pool.addAll(corpus.read());
        if (pool.isEmpty()) {
            throw new IllegalStateException("fuzz " + name + " has no seeds and no corpus in " + corpus);
        }
        long seed = Long.getLong("weir.seed", System.nanoTime());
        FuzzChanges changes = new FuzzChanges(new Random(seed), pool, words, maxBytes);
        System.out.println("fuzz " + name + ": -Dweir.seed=" + seed + " -Dweir.fuzz=" + budget() + ", " + pool.size()
                + " inputs to begin with");
        since = System.nanoTime();
        Thread feeding = Thread.ofPlatform().daemon().name("fuzz-" + name).start(() -> {
            try {
                feed(reader, changes);
            } catch (Throwable wrong) {
                failure = wrong;
            }
        });
        watch(feeding);
        Throwable wrong = failure;
        if (wrong != null) {
            throw new AssertionError(report(seed, wrong.toString()), wrong);
        }
        if (Boolean.getBoolean("weir.fuzz.keep")) {
            corpus.keep(found);
        }
    }

    private void feed(Reader reader, FuzzChanges changes) throws Exception {
        // What classes and tables take when they are first used is not the input's fault.
        for (int round = 0; round < WARM_UP; round++) {
            for (byte[] input : List.copyOf(pool)) {
                current = input;
                since = System.nanoTime();
                outcomes.isNew(reader.read(input));
            }
        }
        for (byte[] input : List.copyOf(pool)) {
            one(reader, input);
        }
        long inputs = pool.size();
        long end = System.nanoTime() + budget().toNanos();
        while (System.nanoTime() - end < 0 && !Thread.currentThread().isInterrupted()) {
            one(reader, changes.next(structure));
            inputs++;
        }
        System.out.println("fuzz " + name + ": " + inputs + " inputs, " + outcomes.size() + " outcomes");
    }

    private void one(Reader reader, byte[] input) throws Exception {
        current = input;
        since = System.nanoTime();
        long before = ALLOCATION.getCurrentThreadAllocatedBytes();
        Object outcome = reader.read(input);
        long taken = ALLOCATION.getCurrentThreadAllocatedBytes() - before;
        if (fixedBytes != Long.MAX_VALUE && taken > limit(input)) {
            judge(reader, input);
        }
        if (outcomes.isNew(outcome) && pool.size() < MAX_POOL) {
            pool.add(input);
            found.add(input);
        }
    }

    private long limit(byte[] input) {
        return fixedBytes + bytesForEach * input.length;
    }

    /// Reads again what took much: classes and tables that came with it do not come twice.
    private void judge(Reader reader, byte[] input) throws Exception {
        long before = ALLOCATION.getCurrentThreadAllocatedBytes();
        reader.read(input);
        long taken = ALLOCATION.getCurrentThreadAllocatedBytes() - before;
        if (taken > limit(input)) {
            throw new AssertionError("an input of " + input.length + " bytes took " + taken
                    + " bytes of memory, the limit is " + limit(input));
        }
    }

    /// Waits for the feeding thread, and for one that hangs no longer than a reader may take.
    private void watch(Thread feeding) throws Exception {
        while (!feeding.join(Duration.ofMillis(200))) {
            if (System.nanoTime() - since > HANG.toNanos()) {
                AssertionError hanging = new AssertionError("it hangs at:");
                hanging.setStackTrace(feeding.getStackTrace());
                feeding.interrupt();
                failure = hanging;
                return;
            }
        }
    }

    private String report(long seed, String what) throws IOException {
        byte[] input = current;
        Path folder = Files.createDirectories(Path.of("target/fuzz", name));
        Path file = folder.resolve("%08x.bin".formatted(java.util.Arrays.hashCode(input)));
        Files.write(file, input);
        String hex = HexFormat.of().formatHex(input, 0, Math.min(input.length, 400));
        return "fuzz " + name + " (-Dweir.seed=" + seed + "): " + what + "\nthe input has " + input.length
                + " bytes and is in " + file.toAbsolutePath() + "; once fixed, it belongs in src/test/resources/fuzz/"
                + name + "\n" + hex + (input.length > 400 ? "…" : "");
    }
}
