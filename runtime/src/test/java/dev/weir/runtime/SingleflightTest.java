package dev.weir.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class SingleflightTest {
    private static final String KEY = "key";

    private final Singleflight<String, String> flights = Singleflight.of("test");
    private final AtomicInteger calls = new AtomicInteger();
    private final Channel<String> values = Channel.unbuffered();

    /// A call that takes as long as the test wants.
    private String load(Context context) throws InterruptedException {
        calls.incrementAndGet();
        return values.receive(context);
    }

    private Running<String> calling() {
        return Running.call(() -> flights.call(KEY, this::load)).parked();
    }

    private Running<String> calling(Context context) {
        return Running.call(() -> flights.call(context, KEY, this::load)).parked();
    }

    @Test
    void call_alone_givesTheValueAndKeepsNothing() throws Exception {
        assertThat(flights.call(KEY, _ -> "one")).isEqualTo("one");
        assertThat(flights.call(KEY, _ -> "two")).isEqualTo("two");
        assertThat(flights.underWay()).isZero();
    }

    @Test
    void call_runsInANamedVirtualThread() throws Exception {
        assertThat(flights.call(
                        KEY,
                        _ -> Thread.currentThread().isVirtual()
                                + Thread.currentThread().getName()))
                .isEqualTo("truetest-1");
    }

    @Test
    void callsAtTheSameTime_shareOne() throws Exception {
        var callers = new ArrayList<Running<String>>();
        for (int i = 0; i < 10; i++) {
            callers.add(calling());
        }
        values.send("shared");
        for (var caller : callers) {
            assertThat(caller.result()).isEqualTo("shared");
        }
        assertThat(calls).hasValue(1);
    }

    @Test
    void callsForOtherKeys_areTheirOwn() throws Exception {
        var waiting = calling();
        assertThat(flights.call("other", _ -> "other")).isEqualTo("other");
        assertThat(flights.underWay()).isEqualTo(1);
        values.send("x");
        assertThat(waiting.result()).isEqualTo("x");
    }

    @Test
    void failure_isThrownToEveryCallerWithItsOwnStackAndTheSameCause() {
        var failure = new IOException("broken");
        Channel<String> fail = Channel.unbuffered();
        Singleflight.Load<String> load = _ -> {
            fail.receiveOrEnd();
            throw failure;
        };
        var first = Running.call(() -> flights.call(KEY, load)).parked();
        var second = Running.call(() -> flights.call(KEY, load)).parked();
        fail.close();
        var thrown = new HashSet<Throwable>();
        for (var caller : java.util.List.of(first, second)) {
            assertThatThrownBy(caller::result)
                    .isInstanceOf(TaskFailedException.class)
                    .hasMessage("call test-1 failed: java.io.IOException: broken")
                    .hasCause(failure)
                    .satisfies(thrown::add)
                    .satisfies(seen -> assertThat(seen.getStackTrace())
                            .anyMatch(frame -> frame.getMethodName().equals("call")
                                    && frame.getClassName().endsWith("Singleflight")));
        }
        assertThat(thrown).hasSize(2);
    }

    @Test
    void nullValue_isAFailure() {
        @SuppressWarnings({"NullAway", "DataFlowIssue"}) // what callers without a null checker can do
        Singleflight.Load<String> nothing = _ -> null;
        assertThatThrownBy(() -> flights.call(KEY, nothing))
                .isInstanceOf(TaskFailedException.class)
                .hasCauseInstanceOf(NullPointerException.class);
        assertThat(flights.underWay()).isZero();
    }

    @Test
    void error_reachesTheCallersAndTheUncaughtHandler() throws Exception {
        var before = Thread.getDefaultUncaughtExceptionHandler();
        Channel<Throwable> reported = Channel.bounded(1);
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> reported.trySend(thrown));
        try {
            var error = new AssertionError("broken");
            assertThatThrownBy(() -> flights.call(KEY, _ -> {
                        throw error;
                    }))
                    .isInstanceOf(TaskFailedException.class)
                    .hasCause(error);
            assertThat(reported.receive()).isSameAs(error);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    @Test
    void firstCaller_leavesByItsContext_theOthersGetTheValue() throws Exception {
        var context = Context.background().withCancel();
        var first = calling(context);
        var second = calling();
        context.cancel();
        assertThatThrownBy(first::result).isInstanceOf(CancelledException.class);
        values.send("value");
        assertThat(second.result()).isEqualTo("value");
        assertThat(calls).hasValue(1);
    }

    @Test
    void caller_interrupted_leavesTheOthers() throws Exception {
        var first = calling();
        var second = calling(Context.background().withCancel());
        second.thread().interrupt();
        assertThatThrownBy(second::result).isInstanceOf(InterruptedException.class);
        values.send("value");
        assertThat(first.result()).isEqualTo("value");
    }

    @Test
    void lastCaller_leaves_cancelsTheCallAndFreesTheKey() throws Exception {
        var ended = Channel.<Context>bounded(1);
        var context = Context.background().withCancel();
        var only = Running.call(() -> flights.call(context, KEY, given -> {
                    given.await();
                    ended.send(given);
                    return "too late";
                }))
                .parked();
        context.cancel();
        assertThatThrownBy(only::result).isInstanceOf(CancelledException.class);
        assertThat(flights.underWay()).isZero();
        assertThat(flights.call(KEY, _ -> "new")).isEqualTo("new");
        assertThat(ended.receive().err()).containsInstanceOf(CancelledException.class);
    }

    @Test
    void load_hasTheValuesOfTheFirstCallersContext() throws Exception {
        var name = Key.<String>of("name");
        var context = Context.background().withValue(name, "first");
        assertThat(flights.call(context, KEY, given -> given.value(name).orElse("none")))
                .isEqualTo("first");
    }

    @Test
    void call_withDoneContext_startsNothing() {
        var context = Context.background().withCancel();
        context.cancel();
        assertThatThrownBy(() -> flights.call(context, KEY, this::load)).isInstanceOf(CancelledException.class);
        assertThat(calls).hasValue(0);
    }

    @Test
    void forget_makesTheNextCallerStartACall() throws Exception {
        var first = calling();
        flights.forget(KEY);
        var second = calling();
        var third = calling();
        values.send("x");
        values.send("x");
        assertThat(first.result() + second.result() + third.result()).isEqualTo("xxx");
        assertThat(calls).hasValue(2);
        assertThat(flights.underWay()).isZero();
    }

    @Test
    void call_forItsOwnKey_isRefused() {
        assertThatThrownBy(() -> flights.call(KEY, _ -> flights.call(KEY, this::load)))
                .isInstanceOf(TaskFailedException.class)
                .rootCause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("asks for its own key \"key\"");
    }

    @Test
    void start_givesTheOutcomeToAChannel() throws Exception {
        var first = flights.start(KEY, this::load);
        var second = flights.start(KEY, this::load);
        var caller = calling();
        assertThat(first.tryReceive()).isNull();
        values.send("value");
        assertThat(first.receive()).isEqualTo(new Outcome.Success<>("value"));
        assertThat(second.receive().orThrow()).isEqualTo("value");
        assertThat(caller.result()).isEqualTo("value");
        var failure = new IOException("x");
        assertThat(flights.start(KEY, _ -> {
                            throw failure;
                        })
                        .receive())
                .isEqualTo(new Outcome.Failure<>(failure));
    }

    @Test
    void manyCallers_comingAndLeaving_alwaysGetTheValueOfACallUnderWay() throws Exception {
        var running = new ArrayList<Running<Boolean>>();
        for (int i = 0; i < 8; i++) {
            running.add(Running.run(() -> {
                for (int round = 0; round < 1_000; round++) {
                    try (var context = Context.background().withCancel()) {
                        if (round % 7 == 0) {
                            Scheduler.shared().start("cancels", context::cancel);
                        }
                        int started = calls.get();
                        var value = flights.call(context, KEY, _ -> String.valueOf(calls.incrementAndGet()));
                        assertThat(Integer.parseInt(value)).isGreaterThanOrEqualTo(started);
                    } catch (CancelledException e) {
                        assertThat(round % 7).isZero();
                    }
                }
            }));
        }
        for (var one : running) {
            one.result();
        }
        assertThat(flights.underWay()).isZero();
    }
}
