package dev.weir.runtime.supervise;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// How a child is at one moment, for those who show it.
///
/// @param name of the child
/// @param level its place in the order of shutdown
/// @param phase what it is doing
/// @param since when that began
/// @param again when one that has failed gets a fresh start; empty for one that gets none
/// @param restarts how often it was started again
/// @param expectedFailures how often it has failed as its definition expects
/// @param unexpectedFailures how often otherwise; hangs are among these
/// @param lastFailure the last of either kind
/// @param missedHeartbeats in a row, now
/// @param abandoned the names of its threads that were abandoned and have not ended
/// @param abandonedInAll how many threads were abandoned, those that have ended since included
/// @param poisoned how many elements were given up because it failed with them
/// @param children if it is a supervisor: its own children
public record ChildState(
        String name,
        int level,
        Phase phase,
        Instant since,
        Optional<Instant> again,
        long restarts,
        long expectedFailures,
        long unexpectedFailures,
        Optional<Failure> lastFailure,
        int missedHeartbeats,
        List<String> abandoned,
        long abandonedInAll,
        long poisoned,
        List<ChildState> children) {

    /// Copies.
    public ChildState {
        abandoned = List.copyOf(abandoned);
        children = List.copyOf(children);
    }

    /// What a child is doing.
    public enum Phase {
        /// It waits for its turn to be started.
        STARTING,

        /// It runs.
        RUNNING,

        /// It has failed, and rests before it is started again.
        BACKING_OFF,

        /// It has missed its heartbeats and was cancelled; its thread has not ended yet.
        HUNG,

        /// It was cancelled for another reason; its thread has not ended yet.
        STOPPING,

        /// It has failed, and will not be started again, or only after a long rest.
        FAILED,

        /// It has ended, and will not be started again; or was never started.
        STOPPED;

        /// Whether a thread runs that is not abandoned.
        boolean hasThread() {
            return switch (this) {
                case RUNNING, HUNG, STOPPING -> true;
                case STARTING, BACKING_OFF, FAILED, STOPPED -> false;
            };
        }

        /// Whether the thread was told to end.
        boolean isEnding() {
            return switch (this) {
                case HUNG, STOPPING -> true;
                case RUNNING, STARTING, BACKING_OFF, FAILED, STOPPED -> false;
            };
        }

        /// Whether it is to be started.
        boolean isWaiting() {
            return switch (this) {
                case STARTING, BACKING_OFF -> true;
                case RUNNING, HUNG, STOPPING, FAILED, STOPPED -> false;
            };
        }
    }

    ChildState with(List<ChildState> nested) {
        return new ChildState(
                name,
                level,
                phase,
                since,
                again,
                restarts,
                expectedFailures,
                unexpectedFailures,
                lastFailure,
                missedHeartbeats,
                abandoned,
                abandonedInAll,
                poisoned,
                nested);
    }
}
