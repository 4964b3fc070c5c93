package dev.weir.runtime.supervise;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/// What became of a shutdown.
///
/// @param supervisor the name of the supervisor
/// @param levels in the order in which they were stopped
/// @param left threads that have not ended, those abandoned earlier and those of nested
///     supervisors included
/// @param unfinished elements that were in flight and have no successor to go to
public record ShutdownReport(String supervisor, List<Level> levels, List<Left> left, List<Unfinished> unfinished) {
    private static final int SHOWN_FRAMES = 12;

    /// Copies.
    public ShutdownReport {
        levels = List.copyOf(levels);
        left = List.copyOf(left);
        unfinished = List.copyOf(unfinished);
    }

    /// How long it took until all children of a level had ended or were given up.
    ///
    /// @param number of the level
    /// @param took how long
    /// @param deadline how long it might have taken
    public record Level(int number, Duration took, Duration deadline) {}

    /// A thread that has not ended.
    ///
    /// @param thread its name
    /// @param waited how long it was waited for since it was told to end
    /// @param state of the thread
    /// @param where what it is blocked on, or the method that it runs, in words
    /// @param stack where it is
    public record Left(
            String thread, Duration waited, Thread.State state, String where, List<StackTraceElement> stack) {
        /// Copies.
        public Left {
            stack = List.copyOf(stack);
        }
    }

    /// An element that was in flight.
    ///
    /// @param thread the name of the child's thread
    /// @param element the element
    /// @param times how often the child has failed with it
    public record Unfinished(String thread, Object element, int times) {}

    static ShutdownReport nothing(String supervisor) {
        return new ShutdownReport(supervisor, List.of(), List.of(), List.of());
    }

    /// Whether every thread has ended, and no element was in flight.
    public boolean isClean() {
        return left.isEmpty() && unfinished.isEmpty();
    }

    /// The report in words, with stacks; one line if all is well.
    public String text() {
        var all = new StringBuilder(supervisor).append(isClean() ? " has stopped" : " has stopped, but not all of it");
        for (Left each : left) {
            all.append("\n  ")
                    .append(each.thread)
                    .append(" did not end within ")
                    .append(each.waited)
                    .append(": ")
                    .append(each.state)
                    .append(", ")
                    .append(each.where)
                    .append(each.stack.stream()
                            .limit(SHOWN_FRAMES)
                            .map(frame -> "\n    at " + frame)
                            .collect(Collectors.joining()));
        }
        for (Unfinished each : unfinished) {
            all.append("\n  ").append(each.thread).append(" has not finished an element that it had taken");
        }
        return all.toString();
    }
}
