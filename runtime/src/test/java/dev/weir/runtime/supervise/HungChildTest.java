package dev.weir.runtime.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.runtime.Context;
import dev.weir.runtime.Running;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Children that hang in ways that virtual time has no part in: hogs, monitors.
@Timeout(30)
final class HungChildTest {
    private static final Duration SHORT = Duration.ofMillis(20);

    private final List<SupervisorEvent.Hung> hung = new CopyOnWriteArrayList<>();
    private final List<SupervisorEvent.Abandoned> abandoned = new CopyOnWriteArrayList<>();
    private final Object monitor = new Object();
    private volatile boolean released;

    private SupervisorBuilder supervisor() {
        return Supervisor.named("s").deadline(SHORT).backoff(Backoff.none()).listener(event -> {
            switch (event) {
                case SupervisorEvent.Hung e -> hung.add(e);
                case SupervisorEvent.Abandoned e -> abandoned.add(e);
                case SupervisorEvent.Started _,
                        SupervisorEvent.Restarted _,
                        SupervisorEvent.Failed _,
                        SupervisorEvent.Poisoned _,
                        SupervisorEvent.GaveUp _,
                        SupervisorEvent.Stopped _ -> {}
            }
        });
    }

    @AfterEach
    void release() {
        released = true;
    }

    private void spin() {
        while (!released) {
            Thread.onSpinWait();
        }
    }

    @Test
    void hogs_onAllProcessors_areFoundAbandonedAndReplaced() throws Exception {
        int processors = Runtime.getRuntime().availableProcessors();
        var builder = supervisor();
        for (int i = 0; i < processors; i++) {
            builder.child(Child.named("hog " + i, child -> {
                        if (child.restarts() == 0) {
                            spin();
                        } else {
                            child.context().await();
                        }
                    })
                    .heartbeat(SHORT)
                    .grace(SHORT)
                    .maxAbandoned(100));
        }
        var supervisor = builder.build();
        supervisor.start(Context.background());
        Running.until(() -> abandoned.size() >= processors);
        HungException hang = hung.getFirst().hang();
        assertThat(hang.kind()).isEqualTo(HungException.Kind.HOG);
        assertThat(hang.threadState()).isEqualTo(Thread.State.RUNNABLE);
        assertThat(hang.getStackTrace()).anyMatch(frame -> frame.getMethodName().equals("spin"));
        assertThat(hang).hasMessageContaining("has missed 3 heartbeats of PT0.02S: HOG, running");
        assertThat(supervisor.children()).allMatch(child -> child.abandonedInAll() >= 1 && child.restarts() >= 1);
        var report = supervisor.stop();
        assertThat(report.left()).hasSizeGreaterThanOrEqualTo(processors);
        assertThat(report.text()).contains("RUNNABLE, HOG, running").contains("HungChildTest.spin");
    }

    @Test
    void blockedOnAMonitor_isStuckAndNamesTheMethod() throws Exception {
        var entered = new AtomicInteger();
        var supervisor = supervisor()
                .child(Child.named("blocked", child -> {
                            if (child.restarts() == 0) {
                                synchronized (monitor) {
                                    entered.incrementAndGet();
                                }
                            }
                            child.context().await();
                        })
                        .heartbeat(SHORT)
                        .grace(Duration.ofSeconds(30)))
                .build();
        synchronized (monitor) {
            supervisor.start(Context.background());
            Running.until(() -> !hung.isEmpty());
        }
        Running.until(() -> supervisor.children().getFirst().restarts() >= 1);
        assertThat(entered).hasValue(1);
        HungException hang = hung.getFirst().hang();
        assertThat(hang.kind()).isEqualTo(HungException.Kind.STUCK);
        assertThat(hang.threadState()).isEqualTo(Thread.State.BLOCKED);
        assertThat(hang.where()).contains("HungChildTest");
        supervisor.stop();
    }
}
