package dev.weir.node.debug;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;

/// What a profile is about.
public enum Subject {
    /// Where processors are busy: samples, each worth the time to the next one.
    CPU("cpu", "nanoseconds"),
    /// What allocates: samples, each worth the bytes since the one before.
    ALLOC("alloc", "bytes"),
    /// Who waits for monitors and locks of `java.util.concurrent`, for a millisecond or longer.
    LOCK("lock", "nanoseconds"),
    /// Who is blocked on channels and in selects, for a millisecond or longer.
    BLOCK("block", "nanoseconds");

    private static final String CPU_TIME = "jdk.CPUTimeSample";
    private static final String EXECUTION = "jdk.ExecutionSample";
    private static final String ALLOCATION = "jdk.ObjectAllocationSample";
    private static final String MONITOR = "jdk.JavaMonitorEnter";
    private static final String BLOCKED = "dev.weir.Blocked";
    private static final String PARK = "jdk.ThreadPark";

    private static final Duration PERIOD = Duration.ofMillis(10);
    private static final Duration THRESHOLD = Duration.ofMillis(1);

    private final String word;
    private final String unit;

    Subject(String word, String unit) {
        this.word = word;
        this.unit = unit;
    }

    /// The name that users know it by.
    public String word() {
        return word;
    }

    /// What values are counted in: `nanoseconds` or `bytes`.
    public String unit() {
        return unit;
    }

    /// The subject of that name, if there is one.
    public static Optional<Subject> of(String word) {
        return Stream.of(values()).filter(each -> each.word.equals(word)).findFirst();
    }

    /// The names of all, for messages.
    public static List<String> words() {
        return Stream.of(values()).map(Subject::word).toList();
    }

    /// What Flight Recorder is told.
    ///
    /// @param hasCpuTime whether this JVM samples by processor time; else it is by wall time, of
    ///     the threads that run
    Map<String, String> settings(boolean hasCpuTime) {
        return switch (this) {
            case CPU ->
                hasCpuTime
                        ? Map.of(CPU_TIME + "#enabled", "true", CPU_TIME + "#throttle", PERIOD.toMillis() + "ms")
                        : Map.of(EXECUTION + "#enabled", "true", EXECUTION + "#period", PERIOD.toMillis() + " ms");
            case ALLOC -> Map.of(ALLOCATION + "#enabled", "true", ALLOCATION + "#throttle", "1000/s");
            case LOCK ->
                Map.of(
                        MONITOR + "#enabled",
                        "true",
                        MONITOR + "#threshold",
                        threshold(),
                        PARK + "#enabled",
                        "true",
                        PARK + "#threshold",
                        threshold());
            case BLOCK -> Map.of(BLOCKED + "#enabled", "true", BLOCKED + "#threshold", threshold());
        };
    }

    private static String threshold() {
        return THRESHOLD.toMillis() + " ms";
    }

    static boolean isCpuTime(String event) {
        return event.equals(CPU_TIME);
    }

    /// What an event is worth, in the unit; 0 if it does not belong to the subject.
    long value(RecordedEvent event) {
        return switch (this) {
            case CPU ->
                event.hasField("samplingPeriod")
                        ? event.getDuration("samplingPeriod").toNanos()
                        : PERIOD.toNanos();
            case ALLOC -> event.getLong("weight");
            case LOCK ->
                event.getEventType().getName().equals(PARK) && !isLock(event)
                        ? 0
                        : event.getDuration().toNanos();
            case BLOCK -> event.getDuration().toNanos();
        };
    }

    /// A thread that waits for work parks too; that is no lock.
    private static boolean isLock(RecordedEvent event) {
        var parked = event.getClass("parkedClass");
        return parked != null
                && parked.getName().startsWith("java.util.concurrent.locks.")
                && !parked.getName().endsWith("ConditionObject");
    }

    /// What comes on top of the stack: the class that was allocated, the lock or operation that was
    /// waited for; empty for nothing.
    String leaf(RecordedEvent event) {
        return switch (this) {
            case CPU -> "";
            case ALLOC -> event.getClass("objectClass").getName();
            case LOCK -> {
                String field = event.hasField("monitorClass") ? "monitorClass" : "parkedClass";
                var held = event.getClass(field);
                yield held == null ? "" : held.getName();
            }
            case BLOCK -> event.getString("operation");
        };
    }
}
