package dev.weir.runtime.supervise;

import java.time.Duration;
import java.util.Optional;

/// What happens to a supervisor's children, for a log or metrics.
public sealed interface SupervisorEvent {
    /// The name of the supervisor.
    String supervisor();

    /// The name of the child.
    String child();

    /// The child was started for the first time.
    ///
    /// @param supervisor the name of the supervisor
    /// @param child the name of the child
    record Started(String supervisor, String child) implements SupervisorEvent {}

    /// The child was started again.
    ///
    /// @param supervisor the name of the supervisor
    /// @param child the name of the child
    /// @param restarts how often by now
    record Restarted(String supervisor, String child, long restarts) implements SupervisorEvent {}

    /// The child has thrown something.
    ///
    /// @param supervisor the name of the supervisor
    /// @param child the name of the child
    /// @param failure what, and whether that was expected
    record Failed(String supervisor, String child, Failure failure) implements SupervisorEvent {}

    /// The child has missed its heartbeats, and is cancelled.
    ///
    /// @param supervisor the name of the supervisor
    /// @param child the name of the child
    /// @param hang what it was doing, with its stack
    record Hung(String supervisor, String child, HungException hang) implements SupervisorEvent {}

    /// The thread of the child has ended neither when it was cancelled nor when it was
    /// interrupted, and is left to itself.
    ///
    /// @param supervisor the name of the supervisor
    /// @param child the name of the child
    /// @param thread what the thread is called now
    /// @param waited how long it was waited for
    /// @param abandoned how many such threads of the child there are now
    record Abandoned(String supervisor, String child, String thread, Duration waited, int abandoned)
            implements SupervisorEvent {}

    /// An element was given up because the child has failed with it too often.
    ///
    /// @param supervisor the name of the supervisor
    /// @param child the name of the child
    /// @param element the element
    /// @param times how often
    record Poisoned(String supervisor, String child, Object element, int times) implements SupervisorEvent {}

    /// The child will not be started again although it has failed, or only after a long rest.
    ///
    /// @param supervisor the name of the supervisor
    /// @param child the name of the child
    /// @param why in words
    /// @param freshStart after which rest it is started again after all
    record GaveUp(String supervisor, String child, String why, Optional<Duration> freshStart)
            implements SupervisorEvent {}

    /// The child has ended for good.
    ///
    /// @param supervisor the name of the supervisor
    /// @param child the name of the child
    record Stopped(String supervisor, String child) implements SupervisorEvent {}
}
