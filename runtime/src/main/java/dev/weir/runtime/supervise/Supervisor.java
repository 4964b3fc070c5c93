package dev.weir.runtime.supervise;

import dev.weir.runtime.Context;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Runs children, each in a thread of its own, and keeps them running: what one of them throws ends
/// nobody else, and it is started again; one that hangs is found out, cancelled, and replaced. As
/// Erlang's supervisors, with contexts and channels instead of processes and messages.
///
/// {@snippet file="SupervisorExamplesTest.java" region="supervisor"}
///
/// One thread looks after all children of a supervisor. It waits for news, and for the next moment
/// at which something is due; nothing is polled, and a child that works well costs a look for each
/// interval of its heartbeats.
///
/// Supervisors [nest][Child#of(Supervisor)]. One may be run again when a run has ended, but not
/// twice at the same time. Any thread may call any method; a child that waits for the end of its
/// own supervisor waits until it is abandoned.
public final class Supervisor {
    private final SupervisorSpec spec;
    private final ReentrantLock lock = new ReentrantLock();

    // guarded by the lock for writing
    private volatile @Nullable Supervision latest;

    Supervisor(SupervisorSpec spec) {
        this.spec = spec;
    }

    /// A supervisor to be built.
    ///
    /// @param name begins the names of its children's threads, `NAME/CHILD`
    public static SupervisorBuilder named(String name) {
        return new SupervisorBuilder(name);
    }

    /// Its name.
    public String name() {
        return spec.name();
    }

    /// Starts it in a thread of its own, which is called as the supervisor: a virtual thread in
    /// lane [STATE][dev.weir.runtime.Lane#STATE], or a platform thread where virtual ones run on
    /// the JDK's scheduler, in which hogs could keep it from running. Does not block.
    ///
    /// @param parent when it is done, the supervisor stops; the children have its values
    /// @throws IllegalStateException if it runs already
    public void start(Context parent) {
        var run = begin(parent);
        Supervision.helper(spec, spec.name(), () -> outcome(run)).start();
    }

    // Those who await the end are told how it ended; nobody else waits for this thread.
    private static void outcome(Supervision run) {
        try {
            run.run();
        } catch (SupervisorFailedException e) {
            Objects.requireNonNull(run.failure(), "who throws it keeps it");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Runs it in the calling thread until `parent` is done or [#stop()] is called, and all
    /// children have been stopped, level by level.
    ///
    /// @param parent when it is done, the supervisor stops; the children have its values
    /// @return what did not stop
    /// @throws SupervisorFailedException if it gave up
    /// @throws IllegalStateException if it runs already
    /// @throws InterruptedException if the thread is interrupted; all children were then cancelled
    ///     and interrupted, and none was waited for
    public ShutdownReport run(Context parent) throws InterruptedException {
        return begin(parent).run();
    }

    private Supervision begin(Context parent) {
        lock.lock();
        try {
            var before = latest;
            if (before != null && !before.hasEnded()) {
                throw new IllegalStateException("supervisor " + spec.name() + " runs already; stop it first");
            }
            var run = new Supervision(spec, parent);
            latest = run;
            return run;
        } finally {
            lock.unlock();
        }
    }

    /// Stops all children, level by level, and waits until that is done: at most as long as the
    /// deadlines of all levels together. Does nothing if it does not run.
    ///
    /// @return what did not stop
    /// @throws InterruptedException if the thread is interrupted while it waits; the shutdown goes
    ///     on
    public ShutdownReport stop() throws InterruptedException {
        var run = latest;
        if (run == null) {
            return report();
        }
        run.requestStop();
        run.awaitEnd();
        return run.report();
    }

    /// Waits until it has stopped.
    ///
    /// @return what did not stop
    /// @throws SupervisorFailedException if it gave up
    /// @throws IllegalStateException if it was never started
    /// @throws InterruptedException if the thread is interrupted while it waits
    public ShutdownReport await() throws InterruptedException {
        var run = latest;
        if (run == null) {
            throw new IllegalStateException("supervisor " + spec.name() + " was never started");
        }
        run.awaitEnd();
        SupervisorFailedException failed = run.failure();
        if (failed != null) {
            throw new SupervisorFailedException(String.valueOf(failed.getMessage()), failed.getCause());
        }
        return run.report();
    }

    /// Adds a child to the run that is going on, and starts it. Does not block. A supervisor that is
    /// run again has only those children with which it was built. While it stops, the child is not
    /// started any more.
    ///
    /// @throws IllegalStateException if it does not run
    /// @throws IllegalArgumentException if there is one of that name already, or 4096 children
    public void add(Child child) {
        lock.lock();
        try {
            var run = latest;
            if (run == null || run.hasEnded()) {
                throw new IllegalStateException("supervisor " + spec.name() + " does not run; start it first");
            }
            run.add(child);
        } finally {
            lock.unlock();
        }
    }

    /// Starts a child again, after it was cancelled and has ended if it runs; one that has failed
    /// or ended for good too. Only that one, without back-off. Does not wait for it.
    ///
    /// @return false if the supervisor was never started, or has no such child
    public boolean restart(String child) {
        var run = latest;
        return run != null && run.requestRestart(child);
    }

    /// How its children are, in the order in which they are started; empty before the first start.
    public List<ChildState> children() {
        var run = latest;
        return run == null ? List.of() : run.children();
    }

    /// Why it gave up; empty while it has not.
    public Optional<SupervisorFailedException> failure() {
        var run = latest;
        return run == null ? Optional.empty() : Optional.ofNullable(run.failure());
    }

    /// What the last shutdown has left; nothing as long as there was none.
    public ShutdownReport report() {
        var run = latest;
        return run == null ? ShutdownReport.nothing(spec.name()) : run.report();
    }

    @Override
    public String toString() {
        return "Supervisor(" + spec.name() + ")";
    }
}
