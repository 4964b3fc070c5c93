package dev.weir.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class ContextTest {
    private static final Duration SHORT = Duration.ofMillis(2);
    private static final Duration LONG = Duration.ofDays(1);
    private static final Key<String> NAME = Key.of("name");

    private static int dependents(Context context) {
        return ((CancelNode) context).dependentCount();
    }

    private static void assertCancelled(Context context) {
        assertThat(context.isDone()).isTrue();
        assertThat(context.err()).containsInstanceOf(CancelledException.class);
        assertThatThrownBy(() -> context.done().receive()).isInstanceOf(ReceiveOnClosedException.class);
    }

    private static void assertOpen(Context context) {
        assertThat(context.isDone()).isFalse();
        assertThat(context.err()).isEmpty();
        assertThat(context.cause()).isEmpty();
        assertThat(context.done().tryReceive()).isNull();
        context.throwIfDone();
    }

    @Test
    void background_always_isOpenAndEmpty() {
        var background = Context.background();
        assertOpen(background);
        assertThat(background.deadline()).isEmpty();
        assertThat(background.value(NAME)).isEmpty();
    }

    @Test
    void cancel_endsTheWholeTreeBeforeItReturns_andOnlyThat() {
        var root = Context.background().withCancel();
        var child = root.withCancel();
        var sibling = root.withCancel();
        var grandchild = child.withValue(NAME, "x").withTimeout(LONG);
        child.cancel();
        assertCancelled(child);
        assertCancelled(grandchild);
        assertOpen(root);
        assertOpen(sibling);
        root.cancel();
        assertCancelled(sibling);
    }

    @Test
    void cancel_withCause_reachesDescendantsThatAreStillOpen() {
        var root = Context.background().withCancel();
        var early = root.withCancel();
        var late = root.withCancel();
        var own = new IOException("early");
        var cause = new IOException("root");
        early.cancel(own);
        root.cancel(cause);
        root.cancel(new IOException("too late"));
        assertThat(early.cause()).contains(own);
        assertThat(late.cause()).contains(cause);
        assertThat(root.cause()).contains(cause);
        assertCancelled(late);
        assertThatThrownBy(late::throwIfDone)
                .isInstanceOf(CancelledException.class)
                .hasCause(cause);
    }

    @Test
    void cause_withoutOne_isTheError() {
        var context = Context.background().withCancel();
        context.cancel();
        assertThat(context.cause()).containsSame(context.err().orElseThrow());
    }

    @Test
    void derived_fromDoneParent_isDoneWithItsCause() {
        var parent = Context.background().withCancel();
        var cause = new IOException("x");
        parent.cancel(cause);
        for (var child : new Context[] {parent.withCancel(), parent.withTimeout(LONG), parent.withValue(NAME, "x")}) {
            assertCancelled(child);
            assertThat(child.cause()).contains(cause);
        }
    }

    @Test
    void cancel_ofChild_removesItFromItsParent() {
        var parent = Context.background().withCancel();
        var plain = parent.withCancel();
        var timed = parent.withValue(NAME, "x").withTimeout(LONG);
        assertThat(dependents(parent)).isEqualTo(2);
        plain.cancel();
        assertThat(dependents(parent)).isEqualTo(1);
        timed.close();
        assertThat(dependents(parent)).isZero();
    }

    @Test
    void cancel_beforeTheDeadline_isCancelledAndStopsTheTimer() {
        int before = DeadlineTimer.pending();
        var contexts = new ArrayList<CancellableContext>();
        for (int i = 0; i < 100; i++) {
            contexts.add(Context.background().withTimeout(LONG));
        }
        assertThat(DeadlineTimer.pending()).isGreaterThanOrEqualTo(before + 100);
        contexts.forEach(CancellableContext::cancel);
        assertCancelled(contexts.getFirst());
        Running.until(() -> DeadlineTimer.pending() <= before);
    }

    @Test
    void deadline_passed_endsTheContextAndItsChildren() throws Exception {
        try (var context = Context.background().withTimeout(SHORT)) {
            var child = context.withCancel();
            child.await();
            assertThat(child.err()).containsInstanceOf(DeadlineExceededException.class);
            assertThatThrownBy(child::throwIfDone).isInstanceOf(DeadlineExceededException.class);
        }
    }

    @Test
    void deadline_inThePast_isDoneAtOnce() {
        var past = Context.background().withDeadline(Instant.now().minusSeconds(1));
        var zero = Context.background().withTimeout(Duration.ZERO);
        var negative = Context.background().withTimeout(Duration.ofDays(-1));
        for (var context : new Context[] {past, zero, negative}) {
            assertThat(context.err()).containsInstanceOf(DeadlineExceededException.class);
        }
    }

    @Test
    void deadline_isTheEarlierOfParentAndChild() {
        var parent = Context.background().withTimeout(LONG);
        var later = parent.withTimeout(LONG.multipliedBy(2));
        var earlier = parent.withTimeout(Duration.ofHours(1));
        assertThat(later.deadline()).isEqualTo(parent.deadline());
        assertThat(earlier.deadline().orElseThrow()).isBefore(parent.deadline().orElseThrow());
        assertThat(earlier.withCancel().deadline()).isEqualTo(earlier.deadline());
        parent.cancel();
        assertCancelled(later);
    }

    @Test
    void deadline_farBeyondTheClock_isAccepted() {
        try (var context = Context.background().withTimeout(Duration.ofSeconds(Long.MAX_VALUE));
                var other = Context.background().withDeadline(Instant.MAX)) {
            assertOpen(context);
            assertOpen(other);
        }
    }

    @Test
    void deadline_withCause_usesItOnlyIfTheDeadlineItselfFires() throws Exception {
        var cause = new IOException("slow");
        try (var fired = Context.background().withTimeout(SHORT, cause);
                var cancelled = Context.background().withTimeout(LONG, cause)) {
            cancelled.cancel();
            fired.await();
            assertThat(fired.cause()).contains(cause);
            assertThat(fired.err()).containsInstanceOf(DeadlineExceededException.class);
            assertThat(cancelled.cause()).containsInstanceOf(CancelledException.class);
        }
    }

    @Test
    void deadline_whileEveryCarrierIsBusy_fires() {
        var stop = new AtomicInteger();
        int hogs = Runtime.getRuntime().availableProcessors() + 1;
        for (int i = 0; i < hogs; i++) {
            Thread.ofVirtual().name("hog").start(() -> {
                while (stop.get() == 0) {
                    Thread.onSpinWait();
                }
            });
        }
        try (var context = Context.background().withTimeout(SHORT)) {
            Running.until(context::isDone);
            assertThat(context.err()).containsInstanceOf(DeadlineExceededException.class);
        } finally {
            stop.set(1);
        }
    }

    @Test
    void value_isFoundUpwardsAndShadowed() {
        var outer = Context.background().withValue(NAME, "outer");
        var sameName = Key.<String>of("name");
        var inner = outer.withCancel().withValue(NAME, "inner");
        assertThat(outer.value(NAME)).contains("outer");
        assertThat(inner.value(NAME)).contains("inner");
        assertThat(inner.value(sameName)).isEmpty();
        assertThat(inner.withoutValue(NAME).value(NAME)).isEmpty();
        assertThat(outer.withTimeout(LONG).withoutCancel().value(NAME)).contains("outer");
    }

    @Test
    void withoutCancel_keepsValuesOnly() {
        var parent = Context.background().withValue(NAME, "x").withTimeout(LONG);
        var detached = parent.withoutCancel();
        parent.cancel(new IOException("x"));
        assertOpen(detached);
        assertThat(detached.deadline()).isEmpty();
        assertThat(detached.value(NAME)).contains("x");
        assertOpen(detached.withCancel());
    }

    @Test
    void afterFunc_runsOnceWhenDone_andCannotBeStoppedThen() throws Exception {
        var context = Context.background().withCancel();
        Channel<String> ran = Channel.bounded(2);
        var after = context.afterFunc(() -> ran.trySend(Thread.currentThread().isVirtual() ? "virtual" : "platform"));
        assertThat(ran.tryReceive()).isNull();
        context.cancel();
        context.cancel();
        assertThat(ran.receive()).isEqualTo("virtual");
        assertThat(after.stop()).isFalse();
        assertThat(ran.tryReceive()).isNull();
    }

    @Test
    void afterFunc_onDoneContext_runsAtOnce() throws Exception {
        var context = Context.background().withTimeout(Duration.ZERO);
        Channel<String> ran = Channel.bounded(1);
        assertThat(context.withValue(NAME, "x")
                        .afterFunc(() -> ran.trySend("ran"))
                        .stop())
                .isFalse();
        assertThat(ran.receive()).isEqualTo("ran");
    }

    @Test
    void afterFunc_stopped_doesNotRun() {
        var context = Context.background().withCancel();
        var runs = new AtomicInteger();
        var after = context.afterFunc(runs::incrementAndGet);
        assertThat(dependents(context)).isEqualTo(1);
        assertThat(after.stop()).isTrue();
        assertThat(after.stop()).isFalse();
        assertThat(dependents(context)).isZero();
        context.cancel();
        assertThat(runs).hasValue(0);
        assertThat(Context.background().afterFunc(runs::incrementAndGet).stop()).isTrue();
    }

    @Test
    void cancel_ofChildByOneWhoWaitsForTheParent_doesNotDeadlock() throws Exception {
        var parent = Context.background().withCancel();
        var child = parent.withCancel();
        var waiting = Running.run(() -> {
                    parent.await();
                    child.cancel();
                })
                .parked();
        parent.cancel();
        child.await();
        waiting.result();
    }

    @Test
    void cancel_ofDeepChain_doesNotOverflowTheStack() {
        var root = Context.background().withCancel();
        var leaf = root;
        for (int i = 0; i < 20_000; i++) {
            leaf = leaf.withCancel();
        }
        root.cancel();
        assertThat(leaf.isDone()).isTrue();
    }

    @Test
    void cancel_byManyAtOnce_hasOneCauseSeenTogetherWithDone() throws Exception {
        for (int round = 0; round < 200; round++) {
            var parent = Context.background().withCancel();
            var child = parent.withCancel();
            var first = new IOException("parent");
            var second = new IOException("child");
            var parents = Running.run(() -> parent.cancel(first));
            var children = Running.run(() -> child.cancel(second));
            child.await();
            assertThat(child.err()).isPresent();
            var seen = child.cause().orElseThrow();
            parents.result();
            children.result();
            assertThat(child.cause()).containsSame(seen);
            assertThat(seen).isIn(first, second);
            assertThat(dependents(parent)).isZero();
        }
    }

    @Test
    void dependentsOfAContextThatEndsMeanwhile_seeThatItIsDone() throws Exception {
        for (int round = 0; round < 1_000; round++) {
            var parent = Context.background().withCancel();
            Channel<Boolean> seen = Channel.bounded(1);
            var cancelling = Running.run(parent::cancel);
            var child = parent.withCancel();
            parent.afterFunc(() -> seen.trySend(parent.isDone()));
            if (child.isDone()) {
                assertThat(parent.isDone()).isTrue();
            }
            assertThat(seen.receive()).isTrue();
            cancelling.result();
            assertThat(child.isDone()).isTrue();
        }
    }

    @Test
    void await_interrupted_throws() {
        var context = Context.background().withCancel();
        var waiting = Running.run(context::await).parked();
        waiting.thread().interrupt();
        assertThatThrownBy(waiting::result).isInstanceOf(InterruptedException.class);
        assertOpen(context);
    }
}
