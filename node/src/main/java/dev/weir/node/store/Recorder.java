package dev.weir.node.store;

import dev.weir.engine.Meters;
import dev.weir.engine.flow.DeadLetter;
import dev.weir.engine.flow.Supervised;
import dev.weir.engine.rule.Alarm;
import dev.weir.engine.rule.AlarmEvent;
import dev.weir.runtime.Context;
import dev.weir.runtime.supervise.Child;
import dev.weir.runtime.supervise.Restart;
import dev.weir.runtime.supervise.ShutdownReport;
import dev.weir.runtime.supervise.Supervisor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings alarms and dead letters into the store without making those wait who caused them: rules
/// and pipelines must not be slowed by the disk. Thread-safe.
///
/// Of an alarm only the newest state waits. Bounded: when the disk does not follow, the alarm and
/// the dead letter that wait for longest are forgotten here, and counted.
public final class Recorder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);
    private static final int ALARMS = 10_000;
    private static final int DEAD_LETTERS = 2_000;
    private static final int RETRY_SECONDS = 1;
    private static final Duration CLOSE = Duration.ofSeconds(4);

    private final Store store;
    private final LongAdder lost;
    private final Supervisor supervisor;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /// Zero when all is written after [#close].
    private final CountDownLatch ended = new CountDownLatch(1);

    // guarded by lock
    private final Map<String, Alarm> alarms = new LinkedHashMap<>();
    private final Deque<DeadLetter> deadLetters = new ArrayDeque<>();
    private boolean closed;

    public Recorder(Store store, Meters meters) {
        this.store = store;
        this.lost = meters.counter(
                "weir_store_records_lost", "Alarms and dead letters not stored because the disk did not follow");
        this.supervisor = Supervisor.named("weir-recorder")
                .deadline(CLOSE)
                .child(Child.named("1", _ -> loop()).restart(Restart.ON_FAILURE))
                .build();
        supervisor.start(Context.background());
    }

    /// How it does.
    public Supervised state() {
        return Supervised.of("recorder", supervisor.children());
    }

    /// Notes the state of an alarm after a change. Does not block. For
    /// [dev.weir.engine.rule.Alarms].
    public void alarm(AlarmEvent event) {
        if (event instanceof AlarmEvent.Peaked) {
            return;
        }
        Alarm alarm = event.alarm();
        lock.lock();
        try {
            alarms.put(alarm.id(), alarm);
            if (alarms.size() > ALARMS) {
                alarms.remove(alarms.keySet().iterator().next());
                lost.increment();
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Notes a dead letter. Does not block. For [dev.weir.engine.flow.DeadLetters].
    public void deadLetter(DeadLetter letter) {
        lock.lock();
        try {
            deadLetters.add(letter);
            if (deadLetters.size() > DEAD_LETTERS) {
                deadLetters.remove();
                lost.increment();
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Ends when `close` was called and all is written, or has lost its patience with the disk.
    private void loop() throws InterruptedException {
        while (step()) {
            // Each step writes what has gathered.
        }
        ended.countDown();
    }

    private boolean step() throws InterruptedException {
        List<Alarm> newAlarms;
        List<DeadLetter> newLetters;
        lock.lock();
        try {
            while (alarms.isEmpty() && deadLetters.isEmpty()) {
                if (closed) {
                    return false;
                }
                changed.await();
            }
            newAlarms = new ArrayList<>(alarms.values());
            newLetters = new ArrayList<>(deadLetters);
            alarms.clear();
            deadLetters.clear();
        } finally {
            lock.unlock();
        }
        boolean written = false;
        try {
            written = write(newAlarms, newLetters);
        } finally {
            if (!written) {
                lost.add(newAlarms.size() + newLetters.size());
            }
        }
        return true;
    }

    /// @return false if they were given up, because it was closed
    private boolean write(List<Alarm> newAlarms, List<DeadLetter> newLetters) throws InterruptedException {
        while (true) {
            try {
                store.save(newAlarms, newLetters);
                return true;
            } catch (IOException e) {
                LOG.atWarn()
                        .addKeyValue("alarms", newAlarms.size())
                        .addKeyValue("reason", e.getMessage())
                        .log("alarms and dead letters cannot be stored; trying again");
                if (waitToRetry()) {
                    return false;
                }
            }
        }
    }

    /// @return whether to give up
    private boolean waitToRetry() throws InterruptedException {
        lock.lock();
        try {
            long nanos = TimeUnit.SECONDS.toNanos(RETRY_SECONDS);
            while (!closed && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /// Writes what waits, and ends the thread. Waits for four seconds for that, and as long
    /// again for a thread that hangs. To be closed before the store.
    ///
    /// @return the names of threads that did not end
    /// @throws InterruptedException if interrupted while it waits; the thread then goes on
    public List<String> stop() throws InterruptedException {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        // A supervisor that is told to stop starts nothing more, not even what has not begun yet.
        boolean _ = ended.await(CLOSE.toSeconds(), TimeUnit.SECONDS);
        return supervisor.stop().left().stream()
                .map(ShutdownReport.Left::thread)
                .toList();
    }

    @Override
    public void close() {
        try {
            stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
