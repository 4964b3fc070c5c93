package dev.weir.runtime;

import org.jspecify.annotations.Nullable;

/// The task of a virtual thread, which strikes the thread off the [Roster] when it has ended.
final class Job implements Runnable {
    private static final boolean SITES = Boolean.getBoolean("weir.sites");
    private static final StackWalker WALKER = StackWalker.getInstance();
    private static final String LIBRARY = Job.class.getPackageName();

    private final Runnable task;
    private @Nullable G g;

    Job(Runnable task) {
        this.task = task;
    }

    /// Enters its thread.
    ///
    /// @param origin whose class says where it was started
    /// @param crew the id of the [Tally] that counts it, or 0
    /// @param nanos the time
    Thread of(Thread thread, Object origin, long crew, long nanos) {
        g = Roster.enter(thread, SITES ? site() : origin.getClass(), crew, nanos);
        return thread;
    }

    /// The line that starts a thread, outside of the library.
    private static Object site() {
        return WALKER.walk(frames -> frames.filter(frame -> !isInside(frame.getClassName()))
                .findFirst()
                .<Object>map(StackWalker.StackFrame::toStackTraceElement)
                .orElse(Job.class));
    }

    private static boolean isInside(String type) {
        if (type.startsWith("java.")) {
            return true;
        }
        int end = type.lastIndexOf('.');
        return end == LIBRARY.length() && type.startsWith(LIBRARY) && !type.endsWith("Test") && !type.contains("Test$");
    }

    @Override
    public void run() {
        G own = g;
        if (own == null) {
            task.run();
            return;
        }
        own.begin();
        try {
            task.run();
        } finally {
            Roster.strike(own);
        }
    }
}
