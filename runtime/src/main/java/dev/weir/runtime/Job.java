package dev.weir.runtime;

/// The task of a virtual thread, which enters the thread in the [Roster] while it runs.
final class Job extends G implements Runnable {
    private static final boolean SITES = Boolean.getBoolean("weir.sites");
    private static final StackWalker WALKER = StackWalker.getInstance();
    private static final String LIBRARY = Job.class.getPackageName();

    private final Runnable task;

    /// @param origin whose class says where it was started
    /// @param crew the id of the [Tally] that counts it, or 0
    Job(Runnable task, Object origin, long crew) {
        super(SITES ? site() : origin.getClass(), crew);
        this.task = task;
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
        G entered = Roster.enter(ARE_COLLECTED ? copy() : this);
        try {
            task.run();
        } finally {
            Roster.leave(entered);
        }
    }
}
