package dev.weir.runtime.junit;

import dev.weir.runtime.control.LiveThreads;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.AbstractOwnableSynchronizer;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A virtual thread of a bubble. Only the bubble's carrier uses it.
final class G {
    /// What a thread that is not runnable waits for.
    enum Wait {
        /// Something in the bubble that only another thread of the bubble, or its clock, can end.
        INSIDE,

        /// Something of the JDK that is probably in the bubble: a lock, a latch, a monitor.
        UNSURE,

        /// Something that comes by itself in real time: a socket, `Thread.sleep`.
        OUTSIDE
    }

    /// A blocker that is known to be in the bubble.
    interface Inside {}

    static final String LIBRARY = "dev.weir.runtime";
    private static final int SHOWN_FRAMES = 12;
    private static final long TEXT_MILLIS = 200;

    /// The order of their first turns.
    final int number;

    final Thread thread;
    final Runnable turn;
    private final Throwable started;

    /// For [Order.Priorities].
    long priority;

    /// Whether it waits for its turn.
    boolean runnable;

    G(int number, Thread thread, Runnable turn, Throwable started) {
        this.number = number;
        this.thread = thread;
        this.turn = turn;
        this.started = started;
    }

    boolean isAlive() {
        return thread.getState() != Thread.State.TERMINATED;
    }

    /// @param closed whether nobody outside of the bubble can have the locks that are in it
    Wait waits(boolean closed) {
        return switch (thread.getState()) {
            case WAITING -> {
                Object blocker = LockSupport.getBlocker(thread);
                yield closed && blocker instanceof AbstractOwnableSynchronizer ? Wait.INSIDE : waits(blocker);
            }
            case BLOCKED -> Wait.UNSURE;
            case NEW, RUNNABLE, TIMED_WAITING, TERMINATED -> Wait.OUTSIDE;
        };
    }

    private Wait waits(@Nullable Object blocker) {
        if (blocker != null
                && (blocker instanceof Inside
                        || blocker.getClass().getPackageName().equals(LIBRARY))) {
            return Wait.INSIDE;
        }
        for (StackTraceElement frame : thread.getStackTrace()) {
            String type = frame.getClassName();
            if (type.startsWith("sun.nio.ch.")) {
                return Wait.OUTSIDE;
            }
            boolean joins = type.equals("java.lang.VirtualThread")
                    && frame.getMethodName().startsWith("join");
            if (joins || packageOf(type).equals(LIBRARY)) {
                return Wait.INSIDE;
            }
            if (!type.startsWith("java.") && !type.startsWith("jdk.")) {
                break;
            }
        }
        return Wait.UNSURE;
    }

    static String packageOf(String type) {
        int dot = type.lastIndexOf('.');
        return dot < 0 ? "" : type.substring(0, dot);
    }

    String name() {
        return thread.getName().isEmpty() ? "G" + number : "G" + number + " \"" + thread.getName() + "\"";
    }

    /// Name, what it waits for, its stack and who started it.
    String describe() {
        Object blocker = LockSupport.getBlocker(thread);
        String on = blocker == null ? "" : " on " + text(blocker);
        List<StackTraceElement> starter = LiveThreads.starter(started.getStackTrace());
        String by = starter.isEmpty() ? "" : "\n    started by " + shown(starter.getFirst());
        return name() + ", " + thread.getState() + on + stack(thread.getStackTrace()) + by;
    }

    /// What a blocker says it is. It may want a lock for that which a thread of the bubble holds;
    /// so another thread asks it, and not for long.
    static String text(Object blocker) {
        var text = new FutureTask<>(() -> String.valueOf(blocker));
        Thread.ofPlatform().daemon().name("weir-bubble-describe").start(text);
        try {
            return text.get(TEXT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            text.cancel(true); // the name of its class has to do
        }
        return blocker.getClass().getName() + "@" + Integer.toHexString(System.identityHashCode(blocker));
    }

    /// A stack, without what the JDK does on top and beneath.
    static String stack(StackTraceElement[] stack) {
        List<StackTraceElement> frames = Arrays.stream(stack)
                .dropWhile(frame -> frame.getClassName().startsWith("java.")
                        || frame.getClassName().startsWith("jdk."))
                .filter(frame -> !frame.getClassName().startsWith("java.lang.VirtualThread"))
                .toList();
        if (frames.isEmpty()) {
            frames = List.of(stack);
        }
        String more = frames.size() > SHOWN_FRAMES ? "\n    and " + (frames.size() - SHOWN_FRAMES) + " more" : "";
        return frames.stream()
                .limit(SHOWN_FRAMES)
                .map(frame -> "\n    at " + shown(frame))
                .collect(Collectors.joining("", "", more));
    }

    /// A frame without the names of its loader and module.
    static String shown(StackTraceElement frame) {
        String file = frame.getFileName() == null ? "?" : frame.getFileName();
        String line = frame.getLineNumber() < 0 ? "" : ":" + frame.getLineNumber();
        return frame.getClassName() + "." + frame.getMethodName() + "(" + file + line + ")";
    }

    @Override
    public String toString() {
        return name();
    }
}
