package dev.weir.runtime.supervise;

import static dev.weir.runtime.Running.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.runtime.Context;
import dev.weir.runtime.Key;
import dev.weir.runtime.Lane;
import dev.weir.runtime.Scheduler;
import dev.weir.runtime.supervise.ChildState.Phase;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What needs no time of its own; the rest is in the tests of `runtime-junit`, under virtual time.
@Timeout(30)
final class SupervisorTest {
    private final List<SupervisorEvent> events = new CopyOnWriteArrayList<>();

    private SupervisorBuilder supervisor() {
        return Supervisor.named("s").listener(events::add).backoff(Backoff.none());
    }

    private <E extends SupervisorEvent> List<E> events(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    @SuppressWarnings("InfiniteRecursion") // on purpose
    private static int deeper(int depth) {
        return deeper(depth + 1) + 1;
    }

    @Test
    void failures_ofAnyKind_endOnlyTheChildAndKeepTheStack() throws Exception {
        var beats = new AtomicInteger();
        var supervisor = supervisor()
                .child(Child.named("overflow", _ -> deeper(0)).restart(Restart.NEVER))
                .child(Child.named(
                                "memory",
                                _ -> assertThat(new long[Integer.MAX_VALUE]).isEmpty())
                        .restart(Restart.NEVER))
                .child(Child.named("assertion", _ -> {
                            throw new AssertionError("on purpose");
                        })
                        .restart(Restart.NEVER))
                .child("neighbour", child -> {
                    while (!child.context().isDone()) {
                        beats.incrementAndGet();
                        Thread.sleep(1);
                    }
                })
                .build();
        supervisor.start(Context.background());
        until(() -> events(SupervisorEvent.Failed.class).size() == 3);
        int before = beats.get();
        until(() -> beats.get() > before);
        assertThat(supervisor.children())
                .extracting(child -> child.name() + " " + child.phase() + " " + child.unexpectedFailures())
                .containsExactly("overflow FAILED 1", "memory FAILED 1", "assertion FAILED 1", "neighbour RUNNING 0");
        assertThat(events(SupervisorEvent.Failed.class))
                .extracting(failed -> failed.failure().thrown().getClass().getSimpleName())
                .containsExactlyInAnyOrder("StackOverflowError", "OutOfMemoryError", "AssertionError");
        var overflow = supervisor.children().getFirst().lastFailure().orElseThrow();
        assertThat(overflow.stack()).anyMatch(frame -> frame.getMethodName().equals("deeper"));
        assertThat(overflow.text()).isEqualTo("java.lang.StackOverflowError");
        assertThat(supervisor.stop().isClean()).isTrue();
    }

    @Test
    void failures_thatAreExpected_areCountedApart() throws Exception {
        var supervisor = supervisor()
                .child(Child.named("line", child -> {
                            if (child.restarts() < 3) {
                                throw new IOException("lost");
                            }
                            if (child.restarts() == 3) {
                                throw new IllegalStateException(
                                        child.lastFailure().orElseThrow().text());
                            }
                            child.context().await();
                        })
                        .expected(IOException.class::isInstance))
                .build();
        supervisor.start(Context.background());
        until(() -> events(SupervisorEvent.Restarted.class).size() == 4);
        var state = supervisor.children().getFirst();
        assertThat(state.expectedFailures()).isEqualTo(3);
        assertThat(state.unexpectedFailures()).isEqualTo(1);
        assertThat(state.lastFailure().orElseThrow().text()).contains("java.io.IOException: lost");
        supervisor.stop();
    }

    @Test
    void children_runInThreadsNamedForThem_withTheValuesOfTheParent() throws Exception {
        var trace = Key.<String>of("trace");
        var seen = new CopyOnWriteArrayList<String>();
        var supervisor = supervisor()
                .scheduler(Scheduler.of("supervised", 1), Lane.STATE)
                .child(Child.named("a child", child -> {
                            seen.add(child.name());
                            seen.add(Thread.currentThread().getName());
                            seen.add(child.context().value(trace).orElse("none"));
                        })
                        .restart(Restart.ON_FAILURE))
                .build();
        supervisor.start(Context.background().withValue(trace, "4711"));
        until(() -> seen.size() == 3);
        assertThat(seen).containsExactly("s/a child", "s/a child", "4711");
        supervisor.stop();
    }

    @Test
    void listenerAndPredicate_thatThrow_doNotEndTheSupervisor() throws Exception {
        var told = new AtomicInteger();
        var supervisor = Supervisor.named("s")
                .backoff(Backoff.none())
                .listener(_ -> {
                    if (told.getAndIncrement() < 10) {
                        throw new QuietException();
                    }
                })
                .child(Child.named("bad", _ -> {
                            throw new QuietException();
                        })
                        .expected(_ -> {
                            throw new QuietException();
                        }))
                .build();
        supervisor.start(Context.background());
        until(() -> told.get() > 20);
        assertThat(supervisor.stop().isClean()).isTrue();
    }

    /// Told to the uncaught exception handler, which prints it: without its stack.
    private static final class QuietException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        QuietException() {
            super("on purpose", null, false, false);
        }
    }

    @Test
    void add_whileItRuns_startsTheChildAndStopsItWithItsLevel() throws Exception {
        var order = new CopyOnWriteArrayList<String>();
        var supervisor = supervisor()
                .child(Child.named("sink", child -> {
                            child.context().await();
                            order.add("sink");
                        })
                        .level(2))
                .build();
        supervisor.start(Context.background());
        supervisor.add(Child.named("source", child -> {
            child.context().await();
            order.add("source");
        }));
        until(() -> supervisor.children().size() == 2);
        assertThatThrownBy(() -> supervisor.add(Child.named("source", _ -> {})))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"source\"");
        until(() -> supervisor.children().stream().allMatch(child -> child.phase() == Phase.RUNNING));
        var report = supervisor.stop();
        assertThat(order).containsExactly("source", "sink");
        assertThat(report.levels()).hasSize(2);
        assertThatThrownBy(() -> supervisor.add(Child.named("late", _ -> {})))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("does not run");
    }

    @Test
    void current_isThatOfTheChildInItsThreadOnly() throws Exception {
        var seen = new CopyOnWriteArrayList<Boolean>();
        var supervisor = supervisor()
                .child("child", child -> {
                    seen.add(ChildContext.current().orElseThrow() == child);
                    Scheduler.go("other", () -> seen.add(ChildContext.current().isPresent()))
                            .join();
                    child.context().await();
                })
                .build();
        supervisor.start(Context.background());
        until(() -> seen.size() == 2);
        assertThat(seen).containsExactly(true, false);
        supervisor.stop();
    }

    @Test
    void log_asTheListener_takesEveryKindOfEvent() {
        var failure = new Failure(java.time.Instant.EPOCH, true, new IOException("on purpose"));
        for (SupervisorEvent event : List.of(
                new SupervisorEvent.Started("s", "c"),
                new SupervisorEvent.Stopped("s", "c"),
                new SupervisorEvent.Restarted("s", "c", 1),
                new SupervisorEvent.Failed("s", "c", failure),
                new SupervisorEvent.Abandoned("s", "c", "s/c (abandoned)", Duration.ZERO, 1),
                new SupervisorEvent.Poisoned("s", "c", "element", 3),
                new SupervisorEvent.GaveUp("s", "c", "on purpose", Optional.of(Duration.ofMinutes(5))))) {
            EventLog.INSTANCE.accept(event);
        }
        assertThat(failure.text()).isEqualTo("java.io.IOException: on purpose");
    }

    @Test
    void start_twice_isRefusedUntilItHasStopped() throws Exception {
        var supervisor =
                supervisor().child("c", child -> child.context().await()).build();
        assertThat(supervisor.children()).isEmpty();
        assertThatThrownBy(supervisor::await).isInstanceOf(IllegalStateException.class);
        supervisor.start(Context.background());
        assertThatThrownBy(() -> supervisor.start(Context.background()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("supervisor s runs already; stop it first");
        supervisor.stop();
        supervisor.start(Context.background());
        until(() -> supervisor.children().getFirst().phase() == Phase.RUNNING);
        supervisor.stop();
        assertThat(supervisor.report().isClean()).isTrue();
    }

    @Test
    void inFlight_misused_saysHow() throws Exception {
        var messages = new CopyOnWriteArrayList<String>();
        var done = new CountDownLatch(1);
        var supervisor = supervisor()
                .child(Child.named("c", child -> {
                            var box = child.inFlight(String.class);
                            messages.add(message(box::done));
                            box.take("one");
                            assertThat(box.handedOver()).contains("one");
                            messages.add(message(() -> box.take("two")));
                            messages.add(
                                    message(() -> child.inFlight(Integer.class).handedOver()));
                            assertThat(box.done()).isTrue();
                            done.countDown();
                        })
                        .restart(Restart.NEVER))
                .build();
        supervisor.start(Context.background());
        done.await();
        supervisor.stop();
        assertThat(messages.get(0)).startsWith("done() without an element in flight");
        assertThat(messages.get(1)).startsWith("an element is in flight already");
        assertThat(messages.get(2)).startsWith("the element in flight is a java.lang.String, not a java.lang.Integer");
    }

    private static String message(Runnable mistake) {
        try {
            mistake.run();
            return "nothing was thrown";
        } catch (IllegalStateException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Test
    void poison_handlerThatThrows_isAFailureAndTheElementIsGone() throws Exception {
        var handled = new AtomicInteger();
        var supervisor = supervisor()
                .child(Child.named("c", child -> {
                            var box = child.inFlight(String.class);
                            if (child.restarts() == 0) {
                                box.take("poison");
                            }
                            if (box.handedOver().isPresent()) {
                                throw new IllegalStateException("on purpose");
                            }
                            child.context().await();
                        })
                        .poison(String.class, 2, (_, times) -> {
                            handled.addAndGet(times);
                            throw new IOException("no room for dead letters");
                        }))
                .build();
        supervisor.start(Context.background());
        until(() -> supervisor.children().getFirst().restarts() == 3);
        assertThat(handled).hasValue(2);
        assertThat(events(SupervisorEvent.Poisoned.class)).hasSize(1);
        assertThat(supervisor.stop().isClean()).isTrue();
        assertThat(supervisor.children().getFirst().poisoned()).isEqualTo(1);
    }

    @Test
    void definitions_outOfBounds_areRefused() {
        Child.Task task = child -> child.beat();
        var child = Child.named("c", task);
        for (Runnable mistake : List.<Runnable>of(
                () -> Child.named("", task),
                () -> Supervisor.named(""),
                () -> child.heartbeat(Duration.ZERO),
                () -> child.grace(Duration.ofSeconds(-1)),
                () -> child.maxAbandoned(0),
                () -> child.freshStart(Duration.ZERO),
                () -> child.poison(String.class, 0, (_, _) -> {}),
                () -> supervisor().child(child).child(child),
                () -> supervisor().intensity(-1, Duration.ofSeconds(1)),
                () -> supervisor().intensity(1, Duration.ZERO),
                () -> supervisor().deadline(Duration.ofSeconds(-1)),
                () -> new Backoff(Duration.ofSeconds(2), 2, Duration.ofSeconds(1), 0, Duration.ZERO),
                () -> new Backoff(Duration.ZERO, 0.5, Duration.ofSeconds(1), 0, Duration.ZERO),
                () -> new Backoff(Duration.ZERO, 2, Duration.ofSeconds(1), 2, Duration.ZERO),
                () -> new Backoff(Duration.ZERO, 2, Duration.ZERO, 0, Duration.ofSeconds(-1)))) {
            assertThatThrownBy(mistake::run).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
