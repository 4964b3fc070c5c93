package dev.weir.runtime.inspect;

import java.time.Duration;

/// What a [Lookout] has found.
public sealed interface Finding {
    /// In a sentence, for a log.
    String text();

    /// There are more threads than usual, or fewer, by more than the limit.
    ///
    /// @param baseline how many there used to be
    /// @param now how many there are
    record CountDrifted(long baseline, long now) implements Finding {
        @Override
        public String text() {
            return now + " virtual threads, where there used to be " + baseline;
        }
    }

    /// Threads are started much faster than they end.
    ///
    /// @param before how many there were at the look before
    /// @param now how many there are
    /// @param period between the two
    record RunawayFanOut(long before, long now, Duration period) implements Finding {
        @Override
        public String text() {
            return "from " + before + " to " + now + " virtual threads in " + DumpText.seconds(period);
        }
    }

    /// A thread cannot send for longer than the limit.
    ///
    /// @param sender who waits
    /// @param channel on what
    /// @param culprit the name of the thread that has received from it last and should now; empty
    ///     if that is not known or has ended
    record Blocked(ThreadSnapshot sender, WaitsOn channel, String culprit) implements Finding {
        @Override
        public String text() {
            return "\"" + sender.name() + "\" has waited to send on " + channel.what() + " for "
                    + DumpText.seconds(sender.waited())
                    + (culprit.isEmpty()
                            ? "; who should receive is not known"
                            : "; \"" + culprit + "\" should receive");
        }
    }

    /// All threads of the scheduler, or some in a cycle, wait for each other: at two looks in a
    /// row, and nothing has moved between.
    ///
    /// @param graph who waits for whom
    record Stuck(WaitGraph graph) implements Finding {
        @Override
        public String text() {
            return graph.text();
        }
    }

    /// A thread will not be woken by anybody.
    ///
    /// @param leak which one
    /// @param proven whether that is certain, as [LeakReport] says
    record Leaked(LeakReport.Leak leak, boolean proven) implements Finding {
        @Override
        public String text() {
            return (proven ? "leaked: " : "perhaps leaked: ") + leak;
        }
    }
}
