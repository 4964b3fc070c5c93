package dev.weir.runtime.control;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;

/// The virtual threads of all own schedulers that have started and not ended, for a tool that
/// looks for those that a test has left behind. Empty unless such a tool has switched it on, since
/// it costs a stack trace for each thread that starts.
public final class LiveThreads {
    /// As many threads are remembered at most: a test that has more is not told about the rest.
    private static final int MOST = 100_000;

    /// Plain, and read at each turn: a turn more or less at the moment of switching does not
    /// matter.
    private static boolean on;

    private static int users;
    private static final ConcurrentMap<Runnable, Live> LIVE = new ConcurrentHashMap<>();

    /// A virtual thread.
    ///
    /// @param startedAt the stack of who started it, as far as it is known
    public record Live(Thread thread, List<StackTraceElement> startedAt) {
        /// Copies.
        public Live {
            startedAt = List.copyOf(startedAt);
        }
    }

    private LiveThreads() {}

    /// Begins to take note of threads that start. To be followed by [#switchOff()].
    public static synchronized void switchOn() {
        users++;
        on = true;
    }

    /// Ends it, when as often called as [#switchOn()], and forgets all.
    public static synchronized void switchOff() {
        if (users == 0) {
            throw new IllegalStateException("switched off more often than on");
        }
        users--;
        if (users == 0) {
            on = false;
            LIVE.clear();
        }
    }

    /// Takes note of a turn that a scheduler was given.
    public static void turn(Runnable turn) {
        if (on && !LIVE.containsKey(turn) && LIVE.size() < MOST) {
            note(turn);
        }
    }

    private static void note(Runnable turn) {
        Thread thread = VirtualThreads.threadOf(turn);
        if (thread != null) {
            LIVE.put(turn, new Live(thread, starter(new Throwable().getStackTrace())));
        }
    }

    /// The part of a stack below the start of a thread; empty if no thread is started there.
    public static List<StackTraceElement> starter(StackTraceElement[] stack) {
        for (int i = stack.length - 1; i >= 0; i--) {
            if (stack[i].getMethodName().equals("start")
                    && stack[i].getClassName().equals("java.lang.VirtualThread")) {
                return Stream.of(stack)
                        .skip(i + 1)
                        .dropWhile(frame -> frame.getClassName().startsWith("java."))
                        .toList();
            }
        }
        return List.of();
    }

    /// Those that live now.
    public static List<Live> now() {
        LIVE.values().removeIf(live -> live.thread().getState() == Thread.State.TERMINATED);
        return List.copyOf(LIVE.values());
    }
}
