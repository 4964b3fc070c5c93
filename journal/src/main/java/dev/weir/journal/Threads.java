package dev.weir.journal;

/// Waits for the journal's own threads, which always end.
final class Threads {
    private Threads() {}

    /// Returns when the thread has ended; an interrupt is kept for the caller's next wait.
    static void join(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
