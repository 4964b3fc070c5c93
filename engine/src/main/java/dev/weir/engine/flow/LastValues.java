package dev.weir.engine.flow;

import dev.weir.engine.Latest;
import dev.weir.engine.Reading;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The last reading of each device in each stream, up to a number of devices for each stream. When
/// it is reached the eighth that has been silent for longest goes; a device that is watched stays.
/// Thread-safe; updates do not block, but for that moment.
public final class LastValues implements Latest {
    /// How many devices a stream keeps when nobody says otherwise.
    public static final int DEVICES = 10_000;

    /// How many watches there may be.
    public static final int WATCHES = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(LastValues.class);

    private final int limit;
    private final ConcurrentHashMap<String, Devices> streams = new ConcurrentHashMap<>();
    private final AtomicInteger watches = new AtomicInteger();

    /// @param devices how many devices to keep for each stream, at least 8
    public LastValues(int devices) {
        if (devices < 8) {
            throw new IllegalArgumentException("devices must be at least 8, but was " + devices);
        }
        this.limit = devices;
    }

    /// Takes a reading as the last of its device, whatever its time. The readings of one device
    /// must come from one thread at a time.
    public void update(Reading reading) {
        String stream = reading.stream();
        Devices devices = streams.get(stream);
        if (devices == null) {
            devices = streams.computeIfAbsent(stream, _ -> new Devices());
        }
        devices.update(reading);
    }

    @Override
    public Optional<Reading> find(String stream, String device) {
        Devices devices = streams.get(stream);
        Last last = devices == null ? null : devices.byName.get(device);
        return last == null ? Optional.empty() : Optional.ofNullable(last.reading);
    }

    @Override
    public List<Reading> of(String stream) {
        Devices devices = streams.get(stream);
        List<Reading> readings = new ArrayList<>();
        if (devices != null) {
            for (Last last : devices.byName.values()) {
                Reading reading = last.reading;
                if (reading != null) {
                    readings.add(reading);
                }
            }
            readings.sort(Comparator.comparing(Reading::device));
        }
        return readings;
    }

    @Override
    public List<String> streams() {
        return streams.entrySet().stream()
                .filter(entry -> entry.getValue().byName.values().stream().anyMatch(last -> last.reading != null))
                .map(java.util.Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /// @throws IllegalStateException if there are [#WATCHES] already
    @Override
    public Subscription watch(String stream, String device, Runnable listener) {
        if (watches.incrementAndGet() > WATCHES) {
            watches.decrementAndGet();
            throw new IllegalStateException("there are " + WATCHES + " watches already; close one");
        }
        return streams.computeIfAbsent(stream, _ -> new Devices()).watch(device, listener);
    }

    /// The devices of one stream.
    private final class Devices {
        private final ConcurrentHashMap<String, Last> byName = new ConcurrentHashMap<>();

        void update(Reading reading) {
            Last last = byName.get(reading.device());
            if (last == null || last.evicted) {
                last = add(reading.device());
            }
            last.set(reading);
        }

        private synchronized Last add(String device) {
            if (byName.size() >= limit && !byName.containsKey(device)) {
                evict();
            }
            return byName.computeIfAbsent(device, _ -> new Last());
        }

        private void evict() {
            List<java.util.Map.Entry<String, Last>> silent = byName.entrySet().stream()
                    .filter(entry -> entry.getValue().watchers.isEmpty())
                    .map(entry -> java.util.Map.entry(entry.getKey(), entry.getValue()))
                    .sorted(Comparator.comparingLong(entry -> entry.getValue().received()))
                    .limit(Math.max(1, limit / 8))
                    .toList();
            for (var entry : silent) {
                entry.getValue().evicted = true;
                byName.remove(entry.getKey());
            }
        }

        synchronized Subscription watch(String device, Runnable listener) {
            Last last = add(device);
            last.watchers.add(listener);
            var open = new java.util.concurrent.atomic.AtomicBoolean(true);
            return () -> {
                if (open.getAndSet(false)) {
                    last.watchers.remove(listener);
                    watches.decrementAndGet();
                }
            };
        }
    }

    /// The last reading of one device.
    private static final class Last {
        private final CopyOnWriteArrayList<Runnable> watchers = new CopyOnWriteArrayList<>();
        private volatile @Nullable Reading reading;
        private volatile boolean evicted;

        void set(Reading last) {
            reading = last;
            if (!watchers.isEmpty()) {
                watchers.forEach(this::tell);
            }
        }

        /// A listener that throws breaks its contract, and must not harm the pipeline again.
        private void tell(Runnable listener) {
            try {
                listener.run();
            } catch (RuntimeException e) {
                watchers.remove(listener);
                LOG.atWarn()
                        .setMessage("a watcher of last values failed, and is removed")
                        .setCause(e)
                        .log();
            }
        }

        long received() {
            Reading last = reading;
            return last == null ? Long.MIN_VALUE : last.received();
        }
    }
}
