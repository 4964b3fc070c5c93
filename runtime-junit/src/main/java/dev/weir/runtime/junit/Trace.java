package dev.weir.runtime.junit;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/// The turns that a bubble has taken: who, in which order, and, if asked for, where they were
/// switched.
final class Trace {
    private static final int MOST_TURNS = 1 << 20;
    private static final int MOST_SWITCHES = 40;

    private final boolean detailed;
    private int[] turns = new int[64];
    private int length;

    /// The last switches.
    private final Deque<String> switches = new ArrayDeque<>();

    /// @param detailed whether to note where each switch was, which costs a walk of the stack
    Trace(boolean detailed) {
        this.detailed = detailed;
    }

    void turn(G next) {
        if (length < MOST_TURNS) {
            if (length == turns.length) {
                turns = Arrays.copyOf(turns, 2 * length);
            }
            turns[length++] = next.number;
        }
    }

    void switched(G from, G to) {
        if (detailed) {
            if (switches.size() == MOST_SWITCHES) {
                switches.removeFirst();
            }
            switches.add(from + " stops at " + place() + ", " + to + " goes on");
        }
    }

    /// The line of the test, or of what it tests, that the running thread is at.
    private static String place() {
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(Trace::isOfUser)
                        .findFirst()
                        .map(frame -> G.shown(frame.toStackTraceElement()))
                        .orElse("its beginning"));
    }

    private static boolean isOfUser(StackWalker.StackFrame frame) {
        String type = frame.getClassName();
        return !type.startsWith("java.")
                && !type.startsWith("jdk.")
                && !type.startsWith("dev.weir.runtime.junit.")
                && !type.startsWith("dev.weir.runtime.control.")
                && !type.equals("dev.weir.runtime.SpinLock");
    }

    /// The numbers of the threads that took the turns.
    int[] turns() {
        return Arrays.copyOf(turns, length);
    }

    String switches() {
        return String.join("\n  ", switches);
    }
}
