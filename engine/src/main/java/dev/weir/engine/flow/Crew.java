package dev.weir.engine.flow;

import dev.weir.engine.Meters;
import dev.weir.runtime.Context;
import dev.weir.runtime.Lane;
import dev.weir.runtime.Scheduler;
import dev.weir.runtime.supervise.Child;
import dev.weir.runtime.supervise.ChildContext;
import dev.weir.runtime.supervise.Restart;
import dev.weir.runtime.supervise.ShutdownReport;
import dev.weir.runtime.supervise.Supervisor;
import dev.weir.runtime.supervise.SupervisorEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Named virtual threads that do the same for different devices, below a supervisor of their own:
/// `NAME/1`, `NAME/2` and so on. One that throws or hangs is replaced. For one that may not be
/// replaced any more, because too many of its threads were abandoned, a stand-in discards what
/// comes, until the post gets a fresh start after a long rest; so on for ever.
///
/// One thread adds, starts, joins and stops; [#state] is for all.
final class Crew {
    private static final Logger LOG = LoggerFactory.getLogger("supervisor");

    /// How long threads may take to end once they are told to, when the flow ends.
    private static final Duration GRACE = Duration.ofMillis(500);

    private final String subject;
    private final Vigilance vigilance;
    private final Duration heartbeat;
    private final Supervisor supervisor;
    private final LongAdder restarts;
    private final LongAdder hung;
    private final LongAdder abandoned;
    private final LongAdder failed;

    private final Map<String, Post> posts = new ConcurrentHashMap<>();

    // only the thread that starts it
    private boolean started;

    /// What a thread of a crew does.
    interface Task {
        /// Works until there is nothing more to do for ever; then it returns. Is interrupted when
        /// its context ends.
        ///
        /// @param discarding whether it only gets rid of what comes, since work does not do for
        ///     good
        void work(ChildContext child, boolean discarding) throws Exception;
    }

    /// A task, and who stands in.
    private static final class Post {
        private final Task task;

        /// Zero when the task has returned.
        private final CountDownLatch ended = new CountDownLatch(1);

        /// Zero when the stand-in has left; null as long as there was none.
        private volatile @Nullable CountDownLatch standIn;

        /// Whether the stand-in is to leave.
        private volatile boolean dismissed;

        Post(Task task) {
            this.task = task;
        }
    }

    /// @param name of the threads
    /// @param subject what it works for, as people know it: `pipeline climate`
    /// @param heartbeat in which interval a sign of life is due; zero for never
    Crew(String name, String subject, Lane lane, Meters meters, Vigilance vigilance, Duration heartbeat) {
        this.subject = subject;
        this.vigilance = vigilance;
        this.heartbeat = heartbeat;
        this.supervisor = Supervisor.named(name)
                .scheduler(Scheduler.shared(), lane)
                .backoff(vigilance.rests())
                .deadline(GRACE)
                .listener(this::happened)
                .build();
        var counters = new SupervisedMeters(meters, subject);
        this.restarts = counters.restarts();
        this.hung = counters.hung();
        this.abandoned = counters.abandoned();
        this.failed = counters.failed();
    }

    /// Adds a thread, which is started with the crew, or at once if that was started before.
    void add(Task task) {
        String name = Integer.toString(posts.size() + 1);
        var post = new Post(task);
        posts.put(name, post);
        if (started) {
            supervisor.add(child(name, post));
        }
    }

    void start() {
        started = true;
        supervisor.start(Context.background());
        posts.forEach((name, post) -> supervisor.add(child(name, post)));
    }

    private Child child(String name, Post post) {
        return child(name, context -> {
                    dismissStandIn(name, post, context);
                    work(post, false, context);
                })
                .freshStart(vigilance.freshStart());
    }

    private Child child(String name, Child.Task work) {
        Child child = Child.named(name, work).restart(Restart.ON_FAILURE).grace(vigilance.grace());
        return heartbeat.isZero() ? child : child.heartbeat(heartbeat);
    }

    private static void work(Post post, boolean discarding, ChildContext child) throws Exception {
        // What it calls knows no contexts, only interruption.
        var interrupt = child.context().afterFunc(Thread.currentThread()::interrupt);
        try {
            post.task.work(child, discarding);
        } catch (InHand.Replaced e) {
            child.context().throwIfDone();
        } finally {
            interrupt.stop();
        }
        post.ended.countDown();
    }

    // --- stand-ins ------------------------------------------------------------------------------

    private static String standIn(String name) {
        return name + " (discarding)";
    }

    /// Lets a stand-in discard in place of one that has failed for good. Only the supervisor's
    /// loop.
    private void standIn(String name, Post post) {
        boolean first = post.standIn == null;
        post.standIn = new CountDownLatch(1);
        post.dismissed = false;
        if (first) {
            supervisor.add(child(standIn(name), context -> discard(post, context)));
        } else {
            supervisor.restart(standIn(name));
        }
    }

    private static void discard(Post post, ChildContext child) throws Exception {
        if (post.dismissed) {
            Objects.requireNonNull(post.standIn).countDown();
        } else {
            work(post, true, child);
        }
    }

    /// Waits until the stand-in has left: two at the same post would lose the order.
    private void dismissStandIn(String name, Post post, ChildContext child) throws InterruptedException {
        CountDownLatch left = post.standIn;
        if (left == null || left.getCount() == 0) {
            return;
        }
        post.dismissed = true;
        // Its run ends, and the next one sees that it is dismissed.
        supervisor.restart(standIn(name));
        child.rest();
        child.context().interrupting(() -> left.await());
        child.beat();
    }

    /// Waits until all have returned by themselves.
    ///
    /// @param nanos how long at most; zero or less to look only
    /// @return whether all have
    boolean join(long nanos, FlowClock clock) throws InterruptedException {
        long deadline = clock.nanoTime() + nanos;
        for (Post post : posts.values()) {
            if (!post.ended.await(Math.max(0, deadline - clock.nanoTime()), TimeUnit.NANOSECONDS)) {
                return false;
            }
        }
        return true;
    }

    /// Ends all: those that run are told to, by an interrupt, and waited for for half a second.
    ///
    /// @return the names of threads that did not end
    List<String> stop() throws InterruptedException {
        return supervisor.stop().left().stream()
                .map(ShutdownReport.Left::thread)
                .toList();
    }

    Supervised state() {
        return Supervised.of(subject, supervisor.children());
    }

    private void happened(SupervisorEvent event) {
        switch (event) {
            case SupervisorEvent.Started _, SupervisorEvent.Stopped _, SupervisorEvent.Poisoned _ -> {}
            case SupervisorEvent.Restarted again -> {
                restarts.increment();
                LOG.info("{}: thread {} was started again, restart {}", subject, again.child(), again.restarts());
            }
            case SupervisorEvent.Failed failed ->
                warn(failed.child(), "has failed", failed.failure().thrown());
            case SupervisorEvent.Hung stuck -> {
                hung.increment();
                warn(stuck.child(), "hangs and is interrupted", stuck.hang());
            }
            case SupervisorEvent.Abandoned left -> {
                abandoned.increment();
                LOG.error(
                        "{}: thread {} did not end within {} and is abandoned; {} such threads",
                        subject,
                        left.child(),
                        left.waited(),
                        left.abandoned());
            }
            case SupervisorEvent.GaveUp gone -> {
                failed.increment();
                LOG.error(
                        "{}: thread {} is given up for {}: {}; what comes for it is dropped meanwhile",
                        subject,
                        gone.child(),
                        gone.freshStart().map(Duration::toString).orElse("good"),
                        gone.why());
                Post post = posts.get(gone.child());
                if (post != null) {
                    standIn(gone.child(), post);
                }
            }
        }
    }

    private void warn(String child, String what, Throwable thrown) {
        LOG.atWarn()
                .setMessage("{}: thread {} {}")
                .addArgument(subject)
                .addArgument(child)
                .addArgument(what)
                .setCause(thrown)
                .log();
    }
}
