package dev.weir.runtime;

import static dev.weir.runtime.Select.receive;
import static dev.weir.runtime.Select.select;
import static dev.weir.runtime.Select.timeout;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.weir.runtime.Tries.Parcel;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/// A select that several threads would decide. What is not listed is forbidden: two winners, an
/// element that nobody has, a waiter that is left behind (`false` at the end).
public final class SelectStress {
    private SelectStress() {}

    /// Waits on two channels as a select does, without a thread of its own: there are two processors.
    private static final class Waiting {
        private final Channel<Parcel> first = Channel.unbuffered();
        private final Channel<Parcel> second = Channel.unbuffered();
        private final Selection selection =
                new Selection(new Channel<?>[] {first, second}, new @Nullable Object[2], false);
        private final Waiter onFirst = new Waiter(null, selection, 0);
        private final Waiter onSecond = new Waiter(null, selection, 1);

        Waiting() {
            first.lock();
            first.enqueueReceiverLocked(onFirst);
            first.unlock();
            second.lock();
            second.enqueueReceiverLocked(onSecond);
            second.unlock();
        }

        String received() {
            return value(onFirst) + "/" + value(onSecond);
        }

        private static String value(Waiter waiter) {
            return waiter.element instanceof Parcel parcel ? Integer.toString(parcel.value) : "nothing";
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "sent, refused, 1/nothing", expect = ACCEPTABLE, desc = "the first sender has won")
    @Outcome(id = "refused, sent, nothing/2", expect = ACCEPTABLE, desc = "the second sender has won")
    public static class TwoSenders {
        private final Waiting waiting = new Waiting();

        @Actor
        public void firstSender(LLL_Result result) {
            result.r1 = Tries.send(waiting.first, 1);
        }

        @Actor
        public void secondSender(LLL_Result result) {
            result.r2 = Tries.send(waiting.second, 2);
        }

        @Arbiter
        public void received(LLL_Result result) {
            result.r3 = waiting.received();
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "sent, 1/nothing, false", expect = ACCEPTABLE, desc = "the element has won over the close")
    @Outcome(id = "refused, nothing/nothing, false", expect = ACCEPTABLE, desc = "the close has won: nothing was sent")
    public static class SenderAndClose {
        private final Waiting waiting = new Waiting();

        @Actor
        public void sender(LLL_Result result) {
            result.r1 = Tries.send(waiting.first, 1);
        }

        @Actor
        public void closer() {
            waiting.second.close();
        }

        @Arbiter
        public void received(LLL_Result result) {
            result.r2 = waiting.received();
            result.r3 = waiting.selection.claim("nobody may win any more");
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "1, sent, kept, true", expect = ACCEPTABLE, desc = "the hand-off stands, and the interrupt is left")
    @Outcome(id = "0, refused, spent, true", expect = ACCEPTABLE, desc = "gave up, and nothing was sent")
    public static class SenderAndInterrupt {
        private final Channel<Parcel> channel = Channel.unbuffered();
        private final Channel<Parcel> other = Channel.unbuffered();
        private final Interruption interruption = new Interruption();

        @Actor
        public void selector(LLLL_Result result) {
            interruption.begin();
            try {
                result.r1 = select(receive(channel, one -> one.value), receive(other, one -> one.value));
            } catch (InterruptedException interrupted) {
                result.r1 = 0;
            }
            result.r3 = interruption.isLeft() ? "kept" : "spent";
        }

        @Actor
        public void sender(LLLL_Result result) {
            interruption.interrupt();
            result.r2 = Tries.sendUntil(interruption::isOver, channel, 1);
        }

        @Arbiter
        public void trace(LLLL_Result result) {
            result.r4 = channel.isIdle() && other.isIdle();
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "1, sent, true", expect = ACCEPTABLE, desc = "the element was in time")
    @Outcome(id = "0, refused, true", expect = ACCEPTABLE, desc = "the time was over, and nothing was sent")
    public static class SenderAndTimeout {
        private final Channel<Parcel> channel = Channel.unbuffered();
        private volatile boolean over;

        @Actor
        public void selector(LLL_Result result) {
            result.r1 = Tries.uninterrupted(
                    () -> select(receive(channel, one -> one.value), timeout(Duration.ofNanos(5_000), () -> 0)));
            over = true;
        }

        @Actor
        public void sender(LLL_Result result) {
            result.r2 = Tries.sendUntil(() -> over, channel, 1);
        }

        @Arbiter
        public void trace(LLL_Result result) {
            result.r3 = channel.isIdle();
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "true, false", expect = ACCEPTABLE, desc = "the first claim")
    @Outcome(id = "false, true", expect = ACCEPTABLE, desc = "the second claim")
    public static class Claim {
        private final Selection selection = new Selection(new Channel<?>[0], new @Nullable Object[0], false);

        @Actor
        public void first(LL_Result result) {
            result.r1 = selection.claim("first");
        }

        @Actor
        public void second(LL_Result result) {
            result.r2 = selection.claim("second");
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "waiting", expect = ACCEPTABLE, desc = "not completed yet")
    @Outcome(id = "7", expect = ACCEPTABLE, desc = "whoever sees the outcome sees the element, and all of it")
    public static class OutcomeOfAWaiter {
        private final Waiter waiter = new Waiter(null);

        @Actor
        public void completes() {
            waiter.completeReceive(new Parcel(7));
        }

        @Actor
        public void looks(L_Result result) {
            result.r1 = waiter.outcome() == Waiter.WAITING
                    ? "waiting"
                    : Integer.toString(((Parcel) Objects.requireNonNull(waiter.element)).value);
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the first select has sent, the second received")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "the other way round")
    public static class TwoSelects {
        private final Channel<Parcel> there = Channel.unbuffered();
        private final Channel<Parcel> back = Channel.unbuffered();

        @Actor
        public void first(LL_Result result) {
            result.r1 = Tries.uninterrupted(
                    () -> select(Select.send(there, new Parcel(1), () -> 1), receive(back, one -> 0)));
        }

        @Actor
        public void second(LL_Result result) {
            result.r2 = Tries.uninterrupted(
                    () -> select(Select.send(back, new Parcel(1), () -> 1), receive(there, one -> 0)));
        }
    }
}
