package dev.weir.node;

import dev.weir.engine.Meters;
import dev.weir.runtime.Context;
import dev.weir.runtime.Scheduler;
import dev.weir.runtime.inspect.Finding;
import dev.weir.runtime.inspect.Lookout;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says in the log, and counts, what the virtual threads of the node should not do: wait for each
/// other, wait for nobody, become very many, or find nobody who takes what they send.
///
/// Their number drifts with the connections, so that this alone says nothing. A leak that is only
/// suspected, because this JVM proves none, is for who debugs.
final class NodeLookout {
    private static final Logger LOG = LoggerFactory.getLogger("threads");

    /// Thousands of devices may come at once.
    private static final int BURST = 20_000;

    /// A look takes some ten microseconds for each thread: with five thousand, a tenth of a second.
    private static final Lookout.Limits USUAL = new Lookout.Limits(
            Duration.ofMinutes(1), Duration.ofMinutes(1), Double.MAX_VALUE, BURST, Duration.ofMinutes(10));

    private final LongAdder blocked;
    private final LongAdder stuck;
    private final LongAdder leaked;
    private final LongAdder many;

    private final Logger log;

    private NodeLookout(Meters meters, Logger log) {
        this.log = log;
        blocked = counter(meters, "blocked");
        stuck = counter(meters, "stuck");
        leaked = counter(meters, "leaked");
        many = counter(meters, "many");
    }

    private static LongAdder counter(Meters meters, String kind) {
        return meters.counter("weir_thread_findings", "What virtual threads did that they should not do", "kind", kind);
    }

    /// Starts one, to be closed by the caller.
    static Lookout start(Meters meters) {
        return start(meters, USUAL, LOG);
    }

    static Lookout start(Meters meters, Lookout.Limits limits, Logger log) {
        return Lookout.start(Scheduler.shared(), Context.background(), limits, new NodeLookout(meters, log)::found);
    }

    private void found(Finding finding) {
        switch (finding) {
            case Finding.Blocked _ -> report(blocked, finding);
            case Finding.Stuck _ -> report(stuck, finding);
            case Finding.RunawayFanOut _, Finding.CountDrifted _ -> report(many, finding);
            case Finding.Leaked leak -> {
                if (leak.proven()) {
                    report(leaked, finding);
                } else {
                    log.debug("{}", finding.text());
                }
            }
        }
    }

    private void report(LongAdder count, Finding finding) {
        count.increment();
        log.warn("{}", finding.text());
    }
}
