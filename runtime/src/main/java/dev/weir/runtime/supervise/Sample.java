package dev.weir.runtime.supervise;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// What a thread does at one moment.
///
/// @param where what it is blocked on, or the method that it runs
record Sample(HungException.Kind kind, Thread.State state, String where, List<StackTraceElement> stack) {

    static Sample of(Thread thread) {
        Thread.State state = thread.getState();
        Object blocker = LockSupport.getBlocker(thread);
        List<StackTraceElement> stack = List.of(thread.getStackTrace());
        return switch (state) {
            case NEW, RUNNABLE, TERMINATED -> new Sample(HungException.Kind.HOG, state, top(stack), stack);
            case BLOCKED, WAITING, TIMED_WAITING ->
                new Sample(HungException.Kind.STUCK, state, blocker == null ? outside(stack) : text(blocker), stack);
        };
    }

    String describe() {
        return switch (kind) {
            case HOG -> "HOG, running " + where;
            case STUCK -> "STUCK, " + state + " on " + where;
        };
    }

    private static String top(List<StackTraceElement> stack) {
        if (stack.isEmpty()) {
            return "nothing yet";
        }
        return stack.getFirst().isNativeMethod()
                ? "native code, in " + outside(stack)
                : stack.getFirst().toString();
    }

    /// The first method that is not the JDK's.
    private static String outside(List<StackTraceElement> stack) {
        for (StackTraceElement frame : stack) {
            String type = frame.getClassName();
            if (!type.startsWith("java.") && !type.startsWith("jdk.") && !type.startsWith("sun.")) {
                return frame.toString();
            }
        }
        return stack.isEmpty() ? "nothing that is known" : stack.getFirst().toString();
    }

    /// What a blocker says it is, if it is one of those that neither block nor throw when asked.
    private static String text(@Nullable Object blocker) {
        if (blocker == null) {
            return "nothing that is known";
        }
        String type = blocker.getClass().getName();
        boolean known = type.startsWith("dev.weir.runtime.") || type.startsWith("java.util.concurrent.locks.");
        return known ? blocker.toString() : type + "@" + Integer.toHexString(System.identityHashCode(blocker));
    }
}
