package dev.weir.runtime.supervise;

import java.time.Duration;

/// A child has missed its heartbeats. The stack is the child's own, sampled at that moment. It is
/// the failure of that child, and the [cause][dev.weir.runtime.Context#cause()] of the end of its
/// context.
public final class HungException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// What a child does that gives no sign of life.
    public enum Kind {
        /// It runs, or wants to: a loop without end, a computation that is too long, or native
        /// code that Java cannot look into.
        HOG,

        /// It is blocked: on a lock, a channel, a socket.
        STUCK
    }

    private final Kind kind;
    private final Thread.State threadState;
    private final String where;

    private HungException(String message, Sample sample) {
        super(message);
        this.kind = sample.kind();
        this.threadState = sample.state();
        this.where = sample.where();
        setStackTrace(sample.stack().toArray(StackTraceElement[]::new));
    }

    static HungException of(String thread, int missed, Duration interval, Sample sample) {
        return new HungException(
                thread + " has missed " + missed + " heartbeats of " + interval + ": " + sample.describe(), sample);
    }

    /// Whether it runs or is blocked.
    public Kind kind() {
        return kind;
    }

    /// The state of its thread.
    public Thread.State threadState() {
        return threadState;
    }

    /// What it is blocked on, or the method that it runs, in words.
    public String where() {
        return where;
    }
}
