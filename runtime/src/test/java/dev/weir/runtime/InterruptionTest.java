package dev.weir.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The bridges between contexts and interruption.
@Timeout(30)
final class InterruptionTest {

    private static String receiveNothing() throws InterruptedException {
        return Channel.<String>never().receive();
    }

    private static void assertNotInterrupted() {
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void interrupting_bodyReturns_givesItsValue() throws Exception {
        try (var context = Context.background().withCancel()) {
            assertThat(context.interrupting(() -> "value")).isEqualTo("value");
            assertThat(((CancelNode) context).dependentCount()).isZero();
            assertThat(Context.background().interrupting(() -> 7)).isEqualTo(7);
        }
    }

    @Test
    void interrupting_contextEndsWhileTheBodyBlocks_throwsBothStacks() throws Exception {
        var context = Context.background().withCancel();
        var body = Running.call(() -> {
                    try {
                        return context.interrupting(InterruptionTest::receiveNothing);
                    } finally {
                        assertNotInterrupted();
                    }
                })
                .parked();
        var why = new IOException("shutdown");
        context.cancel(why);
        assertThatThrownBy(body::result)
                .isInstanceOf(CancelledException.class)
                .hasCause(why)
                .satisfies(thrown -> assertThat(thrown.getSuppressed())
                        .singleElement()
                        .isInstanceOf(InterruptedException.class)
                        .satisfies(blocked -> assertThat(blocked.getStackTrace())
                                .anyMatch(frame -> frame.getMethodName().equals("receiveNothing"))));
    }

    @Test
    void interrupting_blockedSocket_isClosedByTheContext() throws Exception {
        try (var server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            var context = Context.background().withCancel();
            var entered = Channel.<String>bounded(1);
            var accepting = Running.call(() -> context.interrupting(() -> {
                entered.send("accepting");
                return server.accept().isConnected();
            }));
            assertThat(entered.receive()).isEqualTo("accepting");
            context.cancel();
            assertThatThrownBy(accepting::result).isInstanceOf(CancelledException.class);
        }
    }

    @Test
    void interrupting_contextIsDone_doesNotRunTheBody() {
        var context = Context.background().withCancel();
        context.cancel();
        var ran = new AtomicBoolean();
        assertThatThrownBy(() -> context.interrupting(() -> ran.set(true))).isInstanceOf(CancelledException.class);
        assertThat(ran).isFalse();
    }

    @Test
    void interrupting_threadIsInterrupted_doesNotRunTheBody() {
        var ran = new AtomicBoolean();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> Context.background().interrupting(() -> ran.set(true)))
                .isInstanceOf(InterruptedException.class);
        assertThat(ran).isFalse();
        assertNotInterrupted();
    }

    @Test
    void interrupting_interruptedBySomebodyElse_throwsThat() throws Exception {
        var context = Context.background().withCancel();
        var body = Running.call(() -> context.interrupting(InterruptionTest::receiveNothing))
                .parked();
        body.thread().interrupt();
        assertThatThrownBy(body::result).isInstanceOf(InterruptedException.class);
    }

    @Test
    void interrupting_interruptLeftByTheBody_isLeftIfItIsSomebodyElses() throws Exception {
        try (var context = Context.background().withCancel()) {
            context.interrupting(() -> Thread.currentThread().interrupt());
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void interrupting_bodyReturnsAfterTheInterrupt_givesItsValueAndClearsTheInterrupt() throws Exception {
        var context = Context.background().withCancel();
        var value = context.interrupting(() -> {
            context.cancel();
            untilInterrupted();
            return "done all the same";
        });
        assertThat(value).isEqualTo("done all the same");
        assertNotInterrupted();
    }

    @SuppressWarnings("ThreadPriorityCheck") // polls
    private static void untilInterrupted() {
        while (!Thread.currentThread().isInterrupted()) {
            Thread.yield();
        }
    }

    @Test
    void interrupting_bodyFails_throwsThatWithItsType() {
        try (var context = Context.background().withCancel()) {
            var failure = new IOException("disk");
            try {
                context.interrupting(() -> {
                    throw failure;
                });
            } catch (IOException e) { // compiles only because the type is kept
                assertThat(e).isSameAs(failure);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void interrupting_bodyFailsAfterTheInterrupt_throwsTheContextsEndWithTheFailureSuppressed() {
        var context = Context.background().withCancel();
        var failure = new IOException("closed by interrupt");
        assertThatThrownBy(() -> context.interrupting(() -> {
                    context.cancel();
                    untilInterrupted();
                    throw failure;
                }))
                .isInstanceOf(CancelledException.class)
                .hasSuppressedException(failure);
        assertNotInterrupted();
    }

    @Test
    void interrupting_error_passesAndLeavesNoInterrupt() {
        var context = Context.background().withCancel();
        var error = new AssertionError("broken");
        assertThatThrownBy(() -> context.interrupting(() -> {
                    context.cancel();
                    untilInterrupted();
                    throw error;
                }))
                .isSameAs(error);
        assertNotInterrupted();
    }

    @Test
    @SuppressWarnings("ThreadPriorityCheck") // polls
    void interrupting_endOfBodyAndContextTogether_neverLeavesAnInterrupt() throws Exception {
        var strays = Running.call(() -> {
            int interrupted = 0;
            for (int round = 0; round < 20_000; round++) {
                var context = Context.background().withCancel();
                int spins = round % 64;
                var beside = new AtomicBoolean(); // set at about the time of the interrupt
                context.afterFunc(() -> beside.set(true));
                context.interrupting(() -> {
                    context.cancel(); // the interrupt is on its way now
                    while (!beside.get()) {
                        Thread.yield();
                    }
                    for (int i = 0; i < spins; i++) {
                        Thread.onSpinWait();
                    }
                });
                // A stray interrupt shows here, or in the next round, which would throw.
                if (Thread.interrupted()) {
                    interrupted++;
                }
            }
            return interrupted;
        });
        assertThat(strays.result()).isZero();
    }

    @Test
    void interrupting_nested_innerEndDoesNotSwallowTheOutersInterrupt() throws Exception {
        var outer = Context.background().withCancel();
        var inner = Context.background().withCancel();
        var body = Running.call(() -> outer.interrupting(() -> {
            inner.interrupting(() -> {
                inner.cancel();
                untilInterrupted();
                assertThat(Thread.interrupted()).isTrue();
                outer.cancel();
                untilInterrupted();
            });
            return receiveNothing();
        }));
        assertThatThrownBy(body::result).isInstanceOf(CancelledException.class);
    }

    @Test
    void interrupting_nested_innerContextEndsTheInnerBodyOnly() throws Exception {
        var outer = Context.background().withCancel();
        var inner = outer.withCancel();
        var body = Running.call(() -> outer.interrupting(() -> {
                    try {
                        return inner.interrupting(InterruptionTest::receiveNothing);
                    } catch (CancelledException e) {
                        assertNotInterrupted();
                        return "inner ended";
                    }
                }))
                .parked();
        inner.cancel();
        assertThat(body.result()).isEqualTo("inner ended");
        outer.cancel();
    }

    @Test
    void cancelledByInterrupt_interrupted_cancelsAllBelowAndThrowsTheSame() throws Exception {
        var context = Context.background().withCancel();
        var child = context.withCancel();
        var body = Running.call(() -> context.cancelledByInterrupt(InterruptionTest::receiveNothing))
                .parked();
        body.thread().interrupt();
        assertThatThrownBy(body::result)
                .isInstanceOf(InterruptedException.class)
                .satisfies(thrown -> assertThat(child.cause()).containsSame(thrown));
        assertThat(child.err()).containsInstanceOf(CancelledException.class);
    }

    @Test
    void cancelledByInterrupt_failureWithInterruptStatus_cancels() {
        var context = Context.background().withCancel();
        var failure = new IOException("closed by interrupt");
        assertThatThrownBy(() -> context.cancelledByInterrupt(() -> {
                    Thread.currentThread().interrupt();
                    throw failure;
                }))
                .isSameAs(failure);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(context.cause()).contains(failure);
    }

    @Test
    void cancelledByInterrupt_returnsOrFails_doesNotCancel() throws Exception {
        try (var context = Context.background().withCancel()) {
            assertThat(context.cancelledByInterrupt(() -> 7)).isEqualTo(7);
            assertThatThrownBy(() -> context.cancelledByInterrupt(() -> {
                        throw new IOException("disk");
                    }))
                    .hasMessage("disk");
            context.cancelledByInterrupt(() -> Thread.currentThread().interrupt());
            assertThat(Thread.interrupted()).isTrue();
            assertThat(context.isDone()).isFalse();
        }
    }
}
