package dev.weir.bench.cells;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/// What is measured of every library in a JVM. All of it runs in Gs; what is sent are the numbers 0
/// to 127 over and over, which Java has as objects already, so that it is the channel that is
/// measured and not the making of elements. Every receiver knows how many elements it gets, and
/// sums them, so that nothing can be left out.
final class Workloads {
    private static final int BURST = 1_000;
    private static final int BATCH = 64;

    private final Library library;

    Workloads(Library library) {
        this.library = library;
    }

    /// The workload of this name.
    ///
    /// @throws IllegalArgumentException if there is none
    Workload named(String name) {
        return switch (name) {
            case "spsc-128" -> n -> oneToOne(n, 128);
            case "spsc-0" -> n -> oneToOne(n, 0);
            case "mpmc-8-128" -> n -> manyToMany(n, 8, 128);
            case "mpmc-8-0" -> n -> manyToMany(n, 8, 0);
            case "mpmc-100-128" -> n -> manyToMany(n, 100, 128);
            case "uncontended" -> this::uncontended;
            case "ping-pong" -> n -> pingPong(n, false);
            case "select-8" -> n -> select(n, 8, 16);
            case "select-2" -> n -> select(n, 2, 0);
            case "select-ready" -> n -> selectReady(n, false);
            case "select-timeout" -> n -> selectReady(n, true);
            case "select-timeout-waits" -> n -> pingPong(n, true);
            case "spawn" -> this::spawn;
            case "spawn-burst" -> this::spawnBurst;
            case "batch-receive" -> n -> batches(n, false);
            case "batch-both" -> n -> batches(n, true);
            default -> throw new IllegalArgumentException("there is no workload '" + name + "'");
        };
    }

    private static Integer element(int i) {
        return i & 127;
    }

    private static void check(long sum, int n) {
        check(sum, n, 1);
    }

    private static void check(long sum, int n, int senders) {
        int each = n / senders;
        long expected = senders * ((long) (each / 128) * (127 * 64) + (long) (each % 128) * (each % 128 - 1) / 2);
        if (sum != expected) {
            throw new IllegalStateException("the elements' sum must be " + expected + ", but was " + sum);
        }
    }

    private void send(Pipe pipe, int n) {
        library.go(() -> {
            for (int i = 0; i < n; i++) {
                pipe.send(element(i));
            }
        });
    }

    private void sendBatches(Pipe pipe, int n) {
        library.go(() -> {
            List<Integer> batch = new ArrayList<>(BATCH);
            for (int i = 0; i < n; i++) {
                batch.add(element(i));
                if (batch.size() == BATCH || i == n - 1) {
                    pipe.sendAll(batch);
                    batch.clear();
                }
            }
        });
    }

    private static long receive(Pipe pipe, int n) throws InterruptedException {
        long sum = 0;
        for (int i = 0; i < n; i++) {
            sum += pipe.receive();
        }
        return sum;
    }

    private static long receive(Library.Choice choice, int n) throws InterruptedException {
        long sum = 0;
        for (int i = 0; i < n; i++) {
            sum += choice.receive();
        }
        return sum;
    }

    private long oneToOne(int n, int capacity) throws InterruptedException {
        Pipe pipe = library.pipe(capacity);
        long start = System.nanoTime();
        send(pipe, n);
        long sum = receive(pipe, n);
        long took = System.nanoTime() - start;
        check(sum, n);
        return took;
    }

    private long manyToMany(int n, int each, int capacity) throws InterruptedException {
        Pipe pipe = library.pipe(capacity);
        AtomicLong sum = new AtomicLong();
        CountDownLatch done = new CountDownLatch(each);
        long start = System.nanoTime();
        for (int i = 0; i < each; i++) {
            send(pipe, n / each);
            library.go(() -> {
                sum.addAndGet(receive(pipe, n / each));
                done.countDown();
            });
        }
        done.await();
        long took = System.nanoTime() - start;
        check(sum.get(), n, each);
        return took;
    }

    /// A hundred sends and then a hundred receives of one G on a channel of its own.
    private long uncontended(int n) throws InterruptedException {
        Pipe pipe = library.pipe(100);
        long sum = 0;
        long start = System.nanoTime();
        for (int done = 0; done < n; done += 100) {
            for (int i = 0; i < 100; i++) {
                pipe.send(element(done + i));
            }
            sum += receive(pipe, 100);
        }
        long took = System.nanoTime() - start;
        check(sum, n);
        return took;
    }

    /// There and back over two channels without buffers.
    ///
    /// @param timed whether the answer is waited for in a select with a timeout
    private long pingPong(int n, boolean timed) throws InterruptedException {
        Pipe ping = library.pipe(0);
        Pipe pong = library.pipe(0);
        library.go(() -> {
            for (int i = 0; i < n; i++) {
                pong.send(ping.receive());
            }
        });
        return timed ? exchange(n, ping, library.choiceWithTimeout(pong)) : exchange(n, ping, pong);
    }

    private static long exchange(int n, Pipe ping, Pipe pong) throws InterruptedException {
        long sum = 0;
        long start = System.nanoTime();
        for (int i = 0; i < n; i++) {
            ping.send(element(i));
            sum += pong.receive();
        }
        long took = System.nanoTime() - start;
        check(sum, n);
        return took;
    }

    private static long exchange(int n, Pipe ping, Library.Choice pong) throws InterruptedException {
        long sum = 0;
        long start = System.nanoTime();
        for (int i = 0; i < n; i++) {
            ping.send(element(i));
            sum += pong.receive();
        }
        long took = System.nanoTime() - start;
        check(sum, n);
        return took;
    }

    private long select(int n, int channels, int capacity) throws InterruptedException {
        List<Pipe> pipes = IntStream.range(0, channels)
                .mapToObj(i -> library.pipe(capacity))
                .toList();
        Library.Choice choice = library.choice(pipes);
        long start = System.nanoTime();
        pipes.forEach(pipe -> send(pipe, n / channels));
        long sum = receive(choice, n);
        long took = System.nanoTime() - start;
        check(sum, n, channels);
        return took;
    }

    /// One G sends to a channel with a buffer, and selects from it: with another channel that has
    /// nothing, or with a timeout.
    private long selectReady(int n, boolean timed) throws InterruptedException {
        Pipe ready = library.pipe(1);
        Library.Choice choice =
                timed ? library.choiceWithTimeout(ready) : library.choice(List.of(library.pipe(1), ready));
        return exchange(n, ready, choice);
    }

    /// Starts a G that reports through a channel, and waits for the report.
    private long spawn(int n) throws InterruptedException {
        Pipe reports = library.pipe(0);
        long sum = 0;
        long start = System.nanoTime();
        for (int i = 0; i < n; i++) {
            Integer element = element(i);
            library.go(() -> reports.send(element));
            sum += reports.receive();
        }
        long took = System.nanoTime() - start;
        check(sum, n);
        return took;
    }

    /// The same with a thousand Gs at a time.
    private long spawnBurst(int n) throws InterruptedException {
        Pipe reports = library.pipe(128);
        long sum = 0;
        long start = System.nanoTime();
        for (int done = 0; done < n; done += BURST) {
            for (int i = 0; i < BURST; i++) {
                Integer element = element(done + i);
                library.go(() -> reports.send(element));
            }
            sum += receive(reports, BURST);
        }
        long took = System.nanoTime() - start;
        check(sum, n);
        return took;
    }

    /// @param both whether the sender sends batches too
    private long batches(int n, boolean both) throws InterruptedException {
        Pipe pipe = library.pipe(4 * BATCH);
        List<Integer> batch = new ArrayList<>(BATCH);
        long sum = 0;
        long start = System.nanoTime();
        if (both) {
            sendBatches(pipe, n);
        } else {
            send(pipe, n);
        }
        for (int received = 0; received < n; received += batch.size()) {
            batch.clear();
            pipe.receiveSome(batch, BATCH);
            for (Integer element : batch) {
                sum += element;
            }
        }
        long took = System.nanoTime() - start;
        check(sum, n);
        return took;
    }
}
