package dev.weir.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Contexts that others can end too.
@Timeout(30)
final class ContextLinkTest {
    private static final Duration LONG = Duration.ofDays(1);

    private static int dependents(Context context) {
        return ((CancelNode) context).dependentCount();
    }

    /// A context of somebody else's, as a library would have it.
    private static final class Theirs implements ForeignContext {
        final ArrayList<CancellableContext> listeners = new ArrayList<>();
        final AtomicInteger unlinked = new AtomicInteger();

        @Override
        public Link link(CancellableContext ours) {
            listeners.add(ours);
            return () -> {
                listeners.remove(ours);
                unlinked.incrementAndGet();
            };
        }

        void end(Throwable why) {
            for (var listener : new ArrayList<>(listeners)) {
                listener.cancel(why);
            }
        }
    }

    @Test
    void linkedToContext_otherEnds_isDoneWithItsErrorAndCause() {
        var first = Context.background().withCancel();
        var second = Context.background().withCancel();
        var linked = first.linkedTo(second.withoutValue(Key.of("x")));
        var child = linked.withCancel();
        var cause = new IOException("second");
        second.cancel(cause);
        assertThat(child.cause()).contains(cause);
        assertThat(linked.err()).isEqualTo(second.err());
        assertThat(first.isDone()).isFalse();
        assertThat(dependents(first)).isZero();
    }

    @Test
    void linkedToContext_ownParentEnds_isDoneAndForgottenByBoth() {
        var first = Context.background().withCancel();
        var second = Context.background().withCancel();
        var linked = first.linkedTo(second);
        assertThat(dependents(second)).isEqualTo(1);
        first.cancel();
        assertThat(linked.isDone()).isTrue();
        assertThat(second.isDone()).isFalse();
        assertThat(dependents(second)).isZero();
    }

    @Test
    void linkedToContext_cancelled_isForgottenByBothAndEndsNeither() {
        var first = Context.background().withCancel();
        var second = Context.background().withCancel();
        first.linkedTo(second).cancel();
        assertThat(dependents(first)).isZero();
        assertThat(dependents(second)).isZero();
        assertThat(first.isDone() || second.isDone()).isFalse();
    }

    @Test
    void linkedToContext_thatIsDoneOrCanNeverBe_isDoneAtOnceOrNever() {
        var done = Context.background().withTimeout(Duration.ZERO);
        assertThat(Context.background().linkedTo(done).err()).containsInstanceOf(DeadlineExceededException.class);
        assertThat(done.linkedTo(Context.background()).isDone()).isTrue();
        assertThat(Context.background().linkedTo(Context.background()).isDone()).isFalse();
    }

    @Test
    void linkedToContext_hasTheEarlierDeadline() {
        var near = Context.background().withTimeout(Duration.ofHours(1));
        var far = Context.background().withTimeout(LONG);
        assertThat(near.linkedTo(far).deadline()).isEqualTo(near.deadline());
        assertThat(far.linkedTo(near).deadline()).isEqualTo(near.deadline());
        assertThat(Context.background().linkedTo(far).deadline()).isEqualTo(far.deadline());
        assertThat(far.linkedTo(Context.background()).deadline()).isEqualTo(far.deadline());
        near.cancel();
        far.cancel();
    }

    @Test
    void linkedToContext_hasTheValuesOfItsParentOnly() {
        var name = Key.<String>of("name");
        var other = Key.<String>of("other");
        var linked = Context.background()
                .withValue(name, "a")
                .linkedTo(Context.background().withValue(name, "b").withValue(other, "c"));
        assertThat(linked.value(name)).contains("a");
        assertThat(linked.value(other)).isEmpty();
    }

    @Test
    void linkedToContext_whenBothEndAtOnce_hasOneCause() throws Exception {
        for (int round = 0; round < 500; round++) {
            var first = Context.background().withCancel();
            var second = Context.background().withCancel();
            var linked = first.linkedTo(second);
            var one = new IOException("one");
            var two = new IOException("two");
            var ending = Running.run(() -> first.cancel(one));
            second.cancel(two);
            linked.await();
            var seen = linked.cause().orElseThrow();
            ending.result();
            assertThat(seen).isIn(one, two);
            assertThat(linked.cause()).containsSame(seen);
            assertThat(dependents(first)).isZero();
            assertThat(dependents(second)).isZero();
        }
    }

    @Test
    void linkedToForeign_thatEnds_endsTheTreeBeforeItReturns() {
        var theirs = new Theirs();
        var linked = Context.background().linkedTo(theirs);
        var child = linked.withTimeout(LONG);
        var why = new IOException("theirs");
        theirs.end(why);
        assertThat(child.err()).containsInstanceOf(CancelledException.class);
        assertThat(child.cause()).contains(why);
        assertThat(theirs.unlinked).hasValue(1);
    }

    @Test
    void linkedToForeign_endedByAnybody_unlinksOnce() {
        var theirs = new Theirs();
        var parent = Context.background().withCancel();
        var byParent = parent.linkedTo(theirs);
        var byItself = parent.linkedTo(theirs);
        byItself.close();
        byItself.close();
        assertThat(theirs.unlinked).hasValue(1);
        parent.cancel();
        assertThat(byParent.isDone()).isTrue();
        assertThat(theirs.unlinked).hasValue(2);
        assertThat(theirs.listeners).isEmpty();
    }

    @Test
    void linkedToForeign_thatHasEnded_isDoneAtOnceAndUnlinked() {
        var unlinked = new AtomicInteger();
        var linked = Context.background().linkedTo(ours -> {
            ours.cancel();
            return unlinked::incrementAndGet;
        });
        assertThat(linked.isDone()).isTrue();
        assertThat(unlinked).hasValue(1);
    }

    @Test
    void linkedToForeign_withDeadline_keepsIt() {
        var past = new ForeignContext() {
            @Override
            public Link link(CancellableContext ours) {
                return () -> {};
            }

            @Override
            public java.util.Optional<Instant> deadline() {
                return java.util.Optional.of(Instant.now().minusSeconds(1));
            }
        };
        assertThat(Context.background().linkedTo(past).err()).containsInstanceOf(DeadlineExceededException.class);
    }

    @Test
    void linkedToForeign_thatThrows_keepsNothing() {
        var parent = Context.background().withCancel();
        assertThatThrownBy(() -> parent.linkedTo((ForeignContext) ours -> {
                    throw new IllegalStateException("not now");
                }))
                .hasMessage("not now");
        assertThat(dependents(parent)).isZero();
    }

    @Test
    void unlink_thatThrows_endsTheOthersNevertheless() throws Exception {
        var parent = Context.background().withCancel();
        var thrown = new IllegalStateException("unlink");
        var bad = parent.linkedTo((ForeignContext) ours -> () -> {
            throw thrown;
        });
        var good = parent.withCancel();
        var reported = new ArrayList<Throwable>();
        Thread ending = Thread.ofPlatform().unstarted(parent::cancel);
        ending.setUncaughtExceptionHandler((_, told) -> reported.add(told));
        ending.start();
        ending.join();
        assertThat(bad.isDone() && good.isDone()).isTrue();
        assertThat(reported).containsExactly(thrown);
    }

    @Test
    void linkedToStage_thatCompletes_isCancelled() {
        var stage = new CompletableFuture<String>();
        var linked = Context.background().linkedTo(stage);
        assertThat(linked.isDone()).isFalse();
        stage.complete("stop");
        assertThat(linked.err()).containsInstanceOf(CancelledException.class);
        assertThat(Context.background().linkedTo(stage).isDone()).isTrue();
    }

    @Test
    void linkedToStage_thatFails_hasItsExceptionAsTheCause() {
        var stage = new CompletableFuture<String>();
        var dependent = stage.thenApply(String::length); // wraps what its source throws
        var linked = Context.background().linkedTo(dependent);
        var why = new IOException("theirs");
        stage.completeExceptionally(why);
        assertThat(linked.cause()).contains(why);
    }

    @Test
    void linkedToStage_thatCompletesAfterTheContext_changesNothing() {
        var stage = new CompletableFuture<String>();
        var linked = Context.background().linkedTo(stage);
        linked.cancel();
        stage.completeExceptionally(new IOException("late"));
        assertThat(linked.cause()).containsInstanceOf(CancelledException.class);
    }

    @Test
    void watching_callReturnsOrThrows_endsTheContext() throws Exception {
        var future = new CompletableFuture<String>();
        var linked = Context.background().linkedTo(ForeignContext.watching(future::get));
        assertThat(linked.isDone()).isFalse();
        var why = new IOException("theirs");
        future.completeExceptionally(why);
        linked.await();
        assertThat(linked.cause()).contains(why);
        Context.background().linkedTo(ForeignContext.watching(() -> {})).await();
    }

    @Test
    void watching_contextEndsFirst_interruptsTheWatcher() throws Exception {
        Channel<String> ended = Channel.bounded(1);
        var linked = Context.background().linkedTo(ForeignContext.watching(() -> {
            try {
                Channel.never().receive();
            } finally {
                ended.trySend(Thread.currentThread().getName());
            }
        }));
        linked.cancel();
        assertThat(ended.receive()).isEqualTo("weir-foreign-context");
        assertThat(linked.cause()).containsInstanceOf(CancelledException.class);
    }

    @Test
    @SuppressWarnings({"NullAway", "DataFlowIssue"}) // what callers without a null checker can do
    void nulls_areRefusedAtOnce() {
        var parent = Context.background().withCancel();
        assertThatThrownBy(() -> parent.linkedTo((Context) null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> parent.linkedTo((ForeignContext) null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> parent.linkedTo((CompletableFuture<?>) null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> ForeignContext.watching(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> parent.linkedTo(ours -> null))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("link");
        assertThatThrownBy(() -> parent.withTimeout(null)).hasMessage("timeout");
        assertThatThrownBy(() -> parent.withDeadline(null)).hasMessage("deadline");
        assertThatThrownBy(() -> parent.withTimeout(LONG, null)).hasMessage("cause");
        assertThatThrownBy(() -> parent.withValue(null, "x")).hasMessage("key");
        assertThatThrownBy(() -> parent.withValue(Key.<String>of("x"), null)).hasMessage("value");
        assertThatThrownBy(() -> parent.afterFunc(null)).hasMessage("action");
        assertThatThrownBy(() -> parent.cancel(null)).hasMessage("cause");
        assertThat(dependents(parent)).isZero();
    }
}
