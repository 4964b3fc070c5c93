package dev.weir.node.debug;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import jdk.jfr.Configuration;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/// Records with the JDK's Flight Recorder, one at a time.
///
/// Thread-safe. Whoever asks waits for the whole time in the calling thread; interrupting it ends
/// the recording and gives nothing. A recording has at most 16 MiB, of which the latest are kept.
public final class Profiler {
    /// The longest recording.
    public static final Duration LONGEST = Duration.ofMinutes(2);

    private static final long MOST_BYTES = 16L << 20;

    private final AtomicReference<@Nullable Instant> until = new AtomicReference<>();

    private interface Reading<T> {
        T read(Path file, Instant start) throws IOException;
    }

    /// Samples for `time`, and sums the samples up.
    ///
    /// @param time at most [#LONGEST]
    /// @throws BusyException if somebody records already
    /// @throws IOException if there is no room for the recording in the folder for temporary files
    public Profile profile(Subject subject, Duration time) throws BusyException, InterruptedException, IOException {
        return record(time, () -> subject.settings(hasCpuTime()), (file, start) -> {
            Profile profile = new Profile(subject, start, time);
            try (RecordingFile events = new RecordingFile(file)) {
                while (events.hasMoreEvents()) {
                    profile.add(events.readEvent());
                }
            }
            return profile;
        });
    }

    /// Records everything that the JDK's `profile` settings and the runtime's own events say, for a
    /// look with JDK Mission Control or `jfr print`.
    ///
    /// @param time at most [#LONGEST]
    /// @return a file of Flight Recorder
    /// @throws BusyException if somebody records already
    /// @throws IOException if there is no room for the recording in the folder for temporary files
    public byte[] trace(Duration time) throws BusyException, InterruptedException, IOException {
        return record(time, Profiler::everything, (file, _) -> Files.readAllBytes(file));
    }

    private interface Settings {
        Map<String, String> get() throws IOException;
    }

    private <T> T record(Duration time, Settings settings, Reading<T> reading)
            throws BusyException, InterruptedException, IOException {
        if (time.isNegative() || time.isZero() || time.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("a recording takes more than 0 s and at most " + LONGEST.toSeconds()
                    + " s, but was asked to take " + time);
        }
        Instant start = Instant.now();
        if (!until.compareAndSet(null, start.plus(time))) {
            Instant end = until.get();
            throw new BusyException(end == null ? Duration.ZERO : Duration.between(start, end));
        }
        Path file = Files.createTempFile("weir-", ".jfr");
        try (Recording recording = new Recording()) {
            recording.setName("weir");
            recording.setMaxSize(MOST_BYTES);
            recording.setSettings(settings.get());
            recording.start();
            Thread.sleep(time);
            recording.stop();
            recording.dump(file);
            return reading.read(file, start);
        } finally {
            until.set(null);
            Files.deleteIfExists(file);
        }
    }

    private static boolean hasCpuTime() {
        return FlightRecorder.getFlightRecorder().getEventTypes().stream()
                .anyMatch(type -> Subject.isCpuTime(type.getName()));
    }

    private static Map<String, String> everything() throws IOException {
        try {
            Map<String, String> settings =
                    new HashMap<>(Configuration.getConfiguration("profile").getSettings());
            for (Subject subject : Subject.values()) {
                settings.putAll(subject.settings(false));
            }
            return settings;
        } catch (java.text.ParseException e) {
            throw new IOException("the JDK's settings 'profile' cannot be read: " + e.getMessage(), e);
        }
    }
}
