package dev.weir.runtime;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.weir.runtime.Tries.Parcel;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/// Sends, receives, closes and interrupts that meet. What is not listed is forbidden.
public final class ChannelStress {
    private ChannelStress() {}

    @JCStressTest
    @State
    @Outcome(id = "7, nothing", expect = ACCEPTABLE, desc = "sent before the receive, which sees all of it")
    @Outcome(id = "nothing, 7", expect = ACCEPTABLE, desc = "received too early; the element stays")
    public static class SendAndReceive {
        private final Channel<Parcel> channel = Channel.bounded(1);

        @Actor
        public void sender() {
            Tries.send(channel, 7);
        }

        @Actor
        public void receiver(LL_Result result) {
            result.r1 = Tries.receive(channel);
        }

        @Arbiter
        public void rest(LL_Result result) {
            result.r2 = Tries.receive(channel);
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "sent, 7", expect = ACCEPTABLE, desc = "sent before the close, and still received after it")
    @Outcome(id = "closed, end", expect = ACCEPTABLE, desc = "closed first: the sender knows that it was not sent")
    public static class SendAndClose {
        private final Channel<Parcel> channel = Channel.bounded(1);

        @Actor
        public void sender(LL_Result result) {
            result.r1 = Tries.send(channel, 7);
        }

        @Actor
        public void closer() {
            channel.close();
        }

        @Arbiter
        public void rest(LL_Result result) {
            result.r2 = Tries.receive(channel);
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "closed, true", expect = ACCEPTABLE, desc = "the blocked sender, or the one to come, is told")
    public static class BlockedSendAndClose {
        private final Channel<Parcel> channel = Channel.unbuffered();

        @Actor
        public void sender(LL_Result result) {
            try {
                channel.send(new Parcel(7));
                result.r1 = "sent";
            } catch (SendOnClosedException closed) {
                result.r1 = "closed";
            } catch (InterruptedException interrupted) {
                result.r1 = "interrupted";
            }
        }

        @Actor
        public void closer() {
            channel.close();
        }

        @Arbiter
        public void trace(LL_Result result) {
            result.r2 = channel.isIdle();
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "true, false", expect = ACCEPTABLE, desc = "the first one has closed it")
    @Outcome(id = "false, true", expect = ACCEPTABLE, desc = "the second one has closed it")
    public static class CloseAndClose {
        private final Channel<Parcel> channel = Channel.bounded(1);

        @Actor
        public void first(LL_Result result) {
            result.r1 = channel.closeIfOpen();
        }

        @Actor
        public void second(LL_Result result) {
            result.r2 = channel.closeIfOpen();
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "7", expect = ACCEPTABLE, desc = "what was written before the send is seen after the receive")
    public static class BlockedHandOff {
        private final Channel<Parcel> channel = Channel.unbuffered();

        @Actor
        public void sender() {
            Tries.uninterrupted(() -> {
                channel.send(new Parcel(7));
                return true;
            });
        }

        @Actor
        public void receiver(L_Result result) {
            result.r1 = Tries.await(channel);
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "7, sent, kept", expect = ACCEPTABLE, desc = "the hand-off stands, and the interrupt is left")
    @Outcome(id = "interrupted, refused, spent", expect = ACCEPTABLE, desc = "gave up, and nothing was sent")
    public static class HandOffAndInterrupt {
        private final Channel<Parcel> channel = Channel.unbuffered();
        private final Interruption interruption = new Interruption();

        @Actor
        public void receiver(LLL_Result result) {
            interruption.begin();
            result.r1 = Tries.await(channel);
            result.r3 = interruption.isLeft() ? "kept" : "spent";
        }

        @Actor
        public void sender(LLL_Result result) {
            interruption.interrupt();
            result.r2 = Tries.sendUntil(interruption::isOver, channel, 7);
        }
    }
}
