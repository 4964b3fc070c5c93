package dev.weir.engine.flow;

import dev.weir.engine.Reading;
import dev.weir.engine.Sink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// A sink that keeps what it gets, can be held shut, and can be told to fail.
final class Collector implements Sink {
    private final List<Reading> readings = new ArrayList<>();
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicInteger attempts = new AtomicInteger();
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile boolean closed;

    @Override
    public void open() {}

    @Override
    public void write(List<Reading> batch) throws IOException, InterruptedException {
        attempts.incrementAndGet();
        gate.await();
        if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new IOException("told to fail");
        }
        for (Reading reading : batch) {
            if (reading.whole(0) < 0) {
                throw new Refused("negative: " + reading.whole(0));
            }
        }
        synchronized (readings) {
            readings.addAll(batch);
        }
    }

    Collector shut() {
        gate = new CountDownLatch(1);
        return this;
    }

    void reopen() {
        gate.countDown();
    }

    Collector failing(int times) {
        failures.set(times);
        return this;
    }

    int attempts() {
        return attempts.get();
    }

    boolean isClosed() {
        return closed;
    }

    List<Reading> readings() {
        synchronized (readings) {
            return List.copyOf(readings);
        }
    }

    /// The numbers that one device sent, in the order in which they came.
    List<Long> numbers(String device) {
        return readings().stream()
                .filter(reading -> reading.device().equals(device))
                .map(reading -> reading.whole(0))
                .toList();
    }

    @Override
    public void close() {
        closed = true;
    }
}
