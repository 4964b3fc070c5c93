package dev.weir.connect.system;

import dev.weir.engine.Inlet;
import dev.weir.engine.Message;
import dev.weir.engine.Receipt;
import dev.weir.engine.Source;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Measures a machine and sends what is news. See the package.
final class SystemSource implements Source {
    private static final Logger LOG = LoggerFactory.getLogger(SystemSource.class);
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /// Of what was last sent of a disk or interface.
    private static final long PART_BYTES = 2048;

    private final SystemOptions options;
    private final String name;
    private final Supplier<Machine> machine;
    private final InstantSource clock;
    private final CountDownLatch closing = new CountDownLatch(1);

    /// Guarded by this. Null before `open`.
    private @Nullable Thread reader;

    /// @param machine called by the source's own thread, once
    SystemSource(SystemOptions options, String name, Supplier<Machine> machine, InstantSource clock) {
        this.options = options;
        this.name = name;
        this.machine = machine;
        this.clock = clock;
    }

    @Override
    public synchronized void open(Inlet inlet) {
        reader = Thread.ofPlatform().name("system-" + name).daemon().start(() -> run(inlet));
    }

    private void run(Inlet inlet) {
        try {
            Machine measured = machine.get();
            Report report = new Report(options);
            do {
                round(measured.measure(), report, inlet);
            } while (!closing.await(options.interval().toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException closed) {
            // The source was closed; the thread ends here.
            return;
        } catch (RuntimeException | Error e) {
            LOG.atError().addKeyValue("source", name).setCause(e).log("measuring has ended");
            inlet.failed(e);
        }
    }

    private void round(List<Sample> samples, Report report, Inlet inlet) throws InterruptedException {
        Set<String> addresses = new HashSet<>();
        for (Sample sample : samples) {
            addresses.add(sample.address());
            // Measuring may have taken so long that the source was closed and left it behind.
            if (closing.getCount() > 0 && report.isNews(sample, System.nanoTime())) {
                byte[] json = sample.json(clock.millis()).getBytes(StandardCharsets.UTF_8);
                Message message = new Message(
                        options.address() + "/" + sample.address(), json, 0, json.length, "application/json", name, 0);
                inlet.accept(message, receipt -> {
                    if (receipt instanceof Receipt.Overloaded) {
                        report.forget(sample);
                    }
                });
            }
        }
        report.keep(addresses);
    }

    @Override
    public long worstCaseBytes() {
        return 2 * PART_BYTES * (options.maxParts() + Metric.values().length);
    }

    @Override
    public synchronized void close() {
        closing.countDown();
        Thread thread = reader;
        reader = null;
        if (thread == null) {
            return;
        }
        thread.interrupt();
        try {
            if (!thread.join(PATIENCE)) {
                LOG.atWarn().addKeyValue("source", name).log("the system does not answer; the thread is left behind");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
