package dev.weir.engine.flow;

import dev.weir.runtime.supervise.ChildState;
import dev.weir.runtime.supervise.Failure;
import dev.weir.runtime.supervise.HungException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// How a part of a node does that is watched over and restarted: all its threads taken together.
///
/// @param name what it is, as people know it: `pipeline climate`, `sink store`
/// @param state that of the thread that is worst off
/// @param restarts how often a thread was started again
/// @param abandoned how many threads were given up because they did not end, those that have ended
///     since included
/// @param threads the names of those that have not ended
/// @param lastFailure the last thing that went wrong
/// @param again when a thread that has failed gets a fresh start, the first of them
public record Supervised(
        String name,
        State state,
        long restarts,
        long abandoned,
        List<String> threads,
        Optional<Trouble> lastFailure,
        Optional<Instant> again) {

    /// Copies.
    public Supervised {
        threads = List.copyOf(threads);
    }

    /// From the best to the worst.
    public enum State {
        /// It has ended, or was never started.
        STOPPED,
        /// It works.
        RUNNING,
        /// It has failed, and is about to be started again.
        RESTARTING,
        /// It hangs, and was told to end.
        HUNG,
        /// It has failed again and again: what comes for it is dropped, until it gets a fresh start
        /// after a long rest.
        FAILED;

        private static State of(ChildState child) {
            return switch (child.phase()) {
                case RUNNING -> RUNNING;
                case STARTING -> child.lastFailure().isEmpty() ? RUNNING : RESTARTING;
                case BACKING_OFF -> RESTARTING;
                case HUNG -> HUNG;
                case FAILED -> FAILED;
                case STOPPING, STOPPED -> STOPPED;
            };
        }

        /// As in the API.
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        /// Whether it does not do now what it is there for.
        public boolean isTrouble() {
            return switch (this) {
                case STOPPED, RUNNING -> false;
                case RESTARTING, HUNG, FAILED -> true;
            };
        }
    }

    /// Something that went wrong. Has no text that somebody else wrote, since that may contain what
    /// nobody should read.
    ///
    /// @param at when
    /// @param what the class of what was thrown, or how it hangs
    /// @param where the first line of the stack that is neither the JDK's nor the runtime's
    public record Trouble(Instant at, String what, String where) {
        private static final List<String> FOREIGN = List.of("java.", "jdk.", "sun.", "dev.weir.runtime.");

        static Trouble of(Failure failure) {
            String what = failure.thrown() instanceof HungException hang
                    ? String.valueOf(hang.getMessage())
                    : failure.thrown().getClass().getName();
            return new Trouble(failure.at(), what, where(failure));
        }

        private static String where(Failure failure) {
            return failure.stack().stream()
                    .filter(frame -> FOREIGN.stream().noneMatch(frame.getClassName()::startsWith))
                    .findFirst()
                    .or(() -> failure.stack().stream().findFirst())
                    .map(StackTraceElement::toString)
                    .orElse("");
        }
    }

    /// How a part does whose threads are these.
    ///
    /// @param name what it is, as people know it
    public static Supervised of(String name, List<ChildState> children) {
        return new Supervised(
                name,
                children.stream().map(State::of).max(Comparator.naturalOrder()).orElse(State.STOPPED),
                children.stream().mapToLong(ChildState::restarts).sum(),
                children.stream().mapToLong(ChildState::abandonedInAll).sum(),
                children.stream().flatMap(child -> child.abandoned().stream()).toList(),
                children.stream()
                        .flatMap(child -> child.lastFailure().stream())
                        .max(Comparator.comparing(Failure::at))
                        .map(Trouble::of),
                children.stream().flatMap(child -> child.again().stream()).min(Comparator.naturalOrder()));
    }

    /// Several parts as one.
    static Supervised together(String name, List<Supervised> parts) {
        return new Supervised(
                name,
                parts.stream()
                        .map(Supervised::state)
                        .max(Comparator.naturalOrder())
                        .orElse(State.STOPPED),
                parts.stream().mapToLong(Supervised::restarts).sum(),
                parts.stream().mapToLong(Supervised::abandoned).sum(),
                parts.stream().flatMap(part -> part.threads().stream()).toList(),
                parts.stream().flatMap(part -> part.lastFailure().stream()).max(Comparator.comparing(Trouble::at)),
                parts.stream().flatMap(part -> part.again().stream()).min(Comparator.naturalOrder()));
    }

    /// Why it does not do what it is there for, in a sentence; empty if it does.
    public Optional<String> complaint() {
        if (!state.isTrouble()) {
            return Optional.empty();
        }
        String because = lastFailure.map(trouble -> ": " + trouble.what()).orElse("");
        return Optional.of(
                switch (state) {
                    case RESTARTING -> name + " has failed and is about to be started again" + because;
                    case HUNG -> name + " hangs" + because;
                    case FAILED ->
                        name + " has failed"
                                + again.map(at -> " and is started again at " + at)
                                        .orElse(" for good") + because;
                    case STOPPED, RUNNING -> name;
                });
    }
}
