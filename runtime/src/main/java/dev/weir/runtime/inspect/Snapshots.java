package dev.weir.runtime.inspect;

import dev.weir.runtime.Scheduler;
import dev.weir.runtime.control.Insight;
import dev.weir.runtime.control.Simulations;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Looks at threads. What it sees of a thread that waits it notes there, for the next look: how
/// long it waits if nothing has measured it, and what it waited for if it is collected.
final class Snapshots {
    /// How many frames of a thread that waits are kept until the next look.
    private static final int NOTED_FRAMES = 16;

    /// How far from the top of a stack the call is looked for that waits.
    private static final int LOOKED_AT = 12;

    private static final List<String> IO = List.of("sun.nio.ch.", "java.io.", "sun.nio.fs.");

    private Snapshots() {}

    /// What a thread waited for when it was seen last. Text only, so that it keeps nothing alive.
    ///
    /// @param key the same as long as it is the same wait
    /// @param firstNanos when it was first seen
    record Seen(String key, long firstNanos, String doing, List<StackTraceElement> stack) {}

    static Insight insight() {
        try {
            MethodHandles.lookup().ensureInitialized(Scheduler.class);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
        return Insight.get();
    }

    /// In the time of the caller, which is virtual in a simulation.
    static long nanoTime() {
        var world = Simulations.current();
        return world == null ? System.nanoTime() : world.nanoTime();
    }

    /// Those that live, in the order in which they were made.
    ///
    /// @param most threads at most
    /// @param frames of each stack at most
    static List<ThreadSnapshot> take(int most, int frames) {
        var insight = insight();
        long now = nanoTime();
        var taken = new ArrayList<ThreadSnapshot>();
        for (var known : insight.threads(most)) {
            var thread = known.thread();
            if (thread != null) {
                var snapshot = of(insight, known, thread, now, frames);
                if (snapshot != null) {
                    taken.add(snapshot);
                }
            }
        }
        taken.sort((a, b) -> Long.compare(a.id(), b.id()));
        return taken;
    }

    /// Null if it has not been started, or has ended meanwhile.
    private static @Nullable ThreadSnapshot of(
            Insight insight, Insight.Known known, Thread thread, long now, int frames) {
        var state = thread.getState();
        if (state == Thread.State.NEW || state == Thread.State.TERMINATED) {
            return null;
        }
        boolean mounted = state == Thread.State.RUNNABLE && isMounted(thread);
        var causes = insight.causes(thread);
        var stack = Arrays.asList(thread.getStackTrace());
        var waitsOn = waitsOn(state, causes, stack);
        var activity = activity(state, mounted, waitsOn);
        var since = since(known, causes, waitsOn, stack, now);
        var place = insight.place(thread);
        return new ThreadSnapshot(
                known.id(),
                thread.getName(),
                place == null ? "jdk" : place.scheduler(),
                place == null ? "" : place.lane(),
                known.startedAt(),
                Duration.ofNanos(Math.max(0, now - known.startedNanos())),
                activity,
                state == Thread.State.TIMED_WAITING,
                waitsOn,
                known.crew(),
                since.waited(),
                since.exact(),
                stack.subList(0, Math.min(frames, stack.size())));
    }

    /// A virtual thread that is mounted names its carrier in its text; the JDK tells it nowhere
    /// else.
    private static boolean isMounted(Thread thread) {
        var text = thread.toString();
        return text.indexOf('@', text.lastIndexOf("]/")) >= 0;
    }

    private static List<WaitsOn> waitsOn(
            Thread.State state, List<Insight.Cause> causes, List<StackTraceElement> stack) {
        if (!causes.isEmpty()) {
            boolean sends = stack.stream()
                    .limit(LOOKED_AT)
                    .anyMatch(frame -> frame.getMethodName().equals("send"));
            return causes.stream().map(cause -> WaitsOn.of(cause, sends)).toList();
        }
        if (state != Thread.State.WAITING && state != Thread.State.TIMED_WAITING) {
            return List.of();
        }
        for (var frame : stack.subList(0, Math.min(LOOKED_AT, stack.size()))) {
            if (frame.getClassName().equals("java.lang.Thread")
                    && frame.getMethodName().startsWith("sleep")) {
                return List.of(WaitsOn.frame(Awaited.SLEEP, "Thread.sleep"));
            }
            if (IO.stream().anyMatch(frame.getClassName()::startsWith)) {
                return List.of(WaitsOn.frame(Awaited.IO, frame.getClassName() + "." + frame.getMethodName()));
            }
        }
        return List.of(WaitsOn.frame(Awaited.OTHER, "park"));
    }

    private static Activity activity(Thread.State state, boolean mounted, List<WaitsOn> waitsOn) {
        return switch (state) {
            case NEW, TERMINATED -> Activity.ENDED;
            case RUNNABLE -> mounted ? Activity.RUNNING : Activity.RUNNABLE;
            case BLOCKED -> Activity.WAITING;
            case WAITING, TIMED_WAITING ->
                waitsOn.stream().allMatch(what -> what.awaited() == Awaited.SLEEP)
                        ? Activity.SLEEPING
                        : Activity.WAITING;
        };
    }

    private record Since(Duration waited, boolean exact) {}

    private static Since since(
            Insight.Known known,
            List<Insight.Cause> causes,
            List<WaitsOn> waitsOn,
            List<StackTraceElement> stack,
            long now) {
        if (waitsOn.isEmpty()) {
            known.note(new Seen("", now, "", List.of()));
            return new Since(Duration.ZERO, false);
        }
        var key = key(causes, waitsOn);
        long first = known.note() instanceof Seen seen && seen.key().equals(key) ? seen.firstNanos() : now;
        var top = List.copyOf(stack.subList(0, Math.min(NOTED_FRAMES, stack.size())));
        known.note(new Seen(key, first, doing(waitsOn), top));
        long measured =
                causes.stream().mapToLong(Insight.Cause::sinceNanos).max().orElse(0);
        return new Since(Duration.ofNanos(Math.max(0, now - (measured == 0 ? first : measured))), measured != 0);
    }

    /// Who has completed an operation on a channel has moved an element, so that a wait after it is
    /// another one.
    private static String key(List<Insight.Cause> causes, List<WaitsOn> waitsOn) {
        if (causes.isEmpty()) {
            return waitsOn.toString();
        }
        var key = new StringBuilder();
        for (var cause : causes) {
            key.append(cause.kind())
                    .append(cause.id())
                    .append(cause.side())
                    .append(cause.moved())
                    .append(' ');
        }
        return key.toString();
    }

    private static String doing(List<WaitsOn> waitsOn) {
        return waitsOn.size() == 1 ? waitsOn.getFirst().toString() : "select over " + waitsOn;
    }
}
