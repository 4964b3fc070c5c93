package dev.weir.runtime;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What a [Scheduler] does and has done, as far as each figure can be had without stopping it: they
/// are not of the same instant. On the JDK's scheduler only `name`, `processors` and `threads` mean
/// anything; the rest is zero or empty.
///
/// @param name of the scheduler
/// @param processors how many threads may run at the same time
/// @param idle how many processors have nothing to do
/// @param spinning how many carriers look for work
/// @param carriers how many platform threads there are, resting ones included
/// @param resting how many carriers wait to be called
/// @param detached how many carriers run on with a thread that kept its processor for too long
/// @param threads the virtual threads it runs that were started by the library, by state; of the
///     first 100,000 of all schedulers
/// @param queued how many turns wait that belong to no processor, by lane
/// @param perProcessor what waits for each processor, and what it has done
/// @param stolen how often a carrier has taken half of another processor's turns
/// @param retaken how often a processor was taken or lent away from a thread that kept it
/// @param lent how often of these it was lent, for alarms
/// @param refused how often a processor stayed with a thread that kept it for want of a carrier
/// @param rested how often a carrier has parked for want of work
/// @param latency how long turns wait, by lane
public record SchedulerStats(
        String name,
        int processors,
        int idle,
        int spinning,
        int carriers,
        int resting,
        int detached,
        Map<Thread.State, Integer> threads,
        Map<Lane, Integer> queued,
        List<OfProcessor> perProcessor,
        long stolen,
        long retaken,
        long lent,
        long refused,
        long rested,
        Map<Lane, SchedulingLatency> latency) {

    /// The figures of one processor.
    ///
    /// @param queued how many turns wait for it, by lane
    /// @param turns how many turns it has run
    /// @param handOffs how many of them were those of a thread that the one before had woken last
    public record OfProcessor(Map<Lane, Integer> queued, long turns, long handOffs) {
        /// Copies.
        public OfProcessor {
            queued = Map.copyOf(queued);
        }
    }

    /// Copies.
    public SchedulerStats {
        threads = Map.copyOf(threads);
        queued = Map.copyOf(queued);
        perProcessor = List.copyOf(perProcessor);
        latency = Map.copyOf(latency);
    }

    static Map<Lane, Integer> byLane(int[] lengths) {
        var map = new EnumMap<Lane, Integer>(Lane.class);
        for (Lane lane : Lane.values()) {
            map.put(lane, lengths[lane.level]);
        }
        return map;
    }

    private static int sum(Map<?, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    /// One line, in the manner of Go's `GODEBUG=schedtrace`: the length of the scheduler's queue,
    /// and in brackets those of its processors.
    public String text() {
        return "SCHED " + name + ": processors=" + processors + " idle=" + idle + " carriers=" + carriers
                + " spinning=" + spinning + " resting=" + resting + " detached=" + detached + " threads="
                + sum(threads) + " queue=" + sum(queued) + " "
                + perProcessor.stream().map(one -> sum(one.queued)).toList()
                + " turns="
                + perProcessor.stream().mapToLong(OfProcessor::turns).sum()
                + " stolen=" + stolen + " retaken=" + retaken + " refused=" + refused
                + latency.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .filter(entry -> entry.getValue().measured() > 0)
                        .map(entry -> " " + entry.getKey() + "-p99="
                                + entry.getValue().quantile(0.99).toNanos() / 1000.0 + "us")
                        .collect(Collectors.joining());
    }
}
