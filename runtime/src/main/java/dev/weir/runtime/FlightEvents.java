package dev.weir.runtime;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/// The library's events of the JDK's flight recorder. To be touched only where [Tracing] has found
/// that there is one.
final class FlightEvents implements Tracing.Events {
    @Name("dev.weir.Blocked")
    @Label("Blocked on a Channel")
    @Category({"Weir"})
    @Description("A thread has waited on a channel or in a select")
    @Threshold("10 ms")
    static final class Blocked extends Event {
        @Label("Operation")
        String operation = "";

        @Label("Channel")
        String channel = "";
    }

    @Name("dev.weir.Retaken")
    @Label("Processor Retaken")
    @Category({"Weir"})
    @Description("A processor was taken from a carrier whose thread kept it while others waited")
    @StackTrace(false)
    static final class Retaken extends Event {
        @Label("Scheduler")
        String scheduler = "";

        @Label("To Carrier")
        String to = "";

        @Label("Lent")
        boolean lent;
    }

    @Name("dev.weir.Delayed")
    @Label("Turn Delayed")
    @Category({"Weir"})
    @Description("Of the turns that are measured, one that has waited for a processor for 1 ms or more")
    @StackTrace(false)
    static final class Delayed extends Event {
        @Label("Lane")
        String lane = "";

        @Label("Delay")
        @Timespan(Timespan.NANOSECONDS)
        long delay;
    }

    @Override
    public @Nullable Object blocking() {
        var event = new Blocked();
        if (!event.isEnabled()) {
            return null;
        }
        event.begin();
        return event;
    }

    @Override
    public void blocked(Object begun, String operation, Object on) {
        var event = (Blocked) begun;
        event.end();
        if (event.shouldCommit()) {
            event.operation = operation;
            event.channel = on.toString();
            event.commit();
        }
    }

    @Override
    public void retaken(String scheduler, String to, boolean lent) {
        var event = new Retaken();
        if (event.isEnabled()) {
            event.scheduler = scheduler;
            event.to = to;
            event.lent = lent;
            event.commit();
        }
    }

    @Override
    public void delayed(Lane lane, long nanos) {
        var event = new Delayed();
        if (event.isEnabled()) {
            event.lane = lane.name();
            event.delay = nanos;
            event.commit();
        }
    }
}
