package dev.weir.engine.flow;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// Ends a flow from left to right within a deadline. Pipelines get the first 60 % of it, sinks up
/// to 90 %, commands what is left, so that one that hangs leaves time for those behind it.
final class Shutdown {
    private final FlowClock clock;
    private final long begin;
    private final long nanos;
    private final List<String> running = new ArrayList<>();

    Shutdown(FlowClock clock, Duration deadline) {
        this.clock = clock;
        this.begin = clock.nanoTime();
        this.nanos = Math.max(0, deadline.toNanos());
    }

    List<String> run(
            Collection<Intake> intakes,
            Finisher finisher,
            List<Pipeline> pipelines,
            Halt halt,
            Collection<Outlet> outlets,
            Commands commands,
            Watchdog watchdog)
            throws InterruptedException {
        intakes.forEach(Intake::close);
        finisher.close();
        for (Pipeline pipeline : pipelines) {
            for (Segment segment : pipeline.segments()) {
                segment.inboxes().forEach(Inbox::close);
                if (!segment.crew().join(left(0.6), clock)) {
                    halt.call();
                }
                running.addAll(segment.crew().stop());
            }
            pipeline.segments().forEach(Segment::dropRest);
        }
        watchdog.close();
        for (Outlet outlet : outlets) {
            running.addAll(outlet.close(left(0.9), clock));
        }
        running.addAll(commands.close(left(1.0)));
        return List.copyOf(running);
    }

    /// The time until that part of the deadline has passed.
    private long left(double part) {
        return Math.max(0, (long) (nanos * part) - (clock.nanoTime() - begin));
    }
}
