package dev.weir.runtime;

import org.jetbrains.lincheck.datastructures.Operation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// A select that does not block. Which of several ready cases is chosen is left to chance, so the tests look
/// at what does not depend on it.
final class SelectLincheckTest {
    /// What a select with a default does: `none`, the result of the case that was chosen, or `closed`.
    private static String poll(Channel<?>[] channels, @Nullable Object... elements) {
        var selection = new Selection(channels, elements, false);
        try {
            int chosen = selection.poll();
            if (chosen == Selection.NONE) {
                return "none";
            }
            return elements[chosen] != null ? "sent" : Channel.isEnd(selection.result()) ? "end" : "one";
        } catch (SendOnClosedException closed) {
            return "closed";
        }
    }

    /// Two channels with room for one, used by selects over both of them only: since a select decides at one
    /// instant, together they are one with room for two.
    public static final class TwoChannels {
        private final Channel<?>[] both = {Channel.bounded(1), Channel.bounded(1)};

        @Operation
        public String send() {
            return poll(both, 1, 1);
        }

        @Operation
        public String receive() {
            return poll(both, null, null);
        }
    }

    /// The same channel in two cases.
    public static final class Twice {
        private final Channel<Integer> channel = Channel.bounded(2);
        private final Channel<?>[] both = {channel, channel};

        @Operation
        public String send() {
            return poll(both, 1, 1);
        }

        @Operation
        public String receive() {
            return poll(both, null, null);
        }

        @Operation
        public boolean close() {
            return channel.closeIfOpen();
        }
    }

    public static final class Model {
        private int elements;
        private boolean closed;

        public String send() {
            if (closed) {
                return "closed";
            }
            if (elements == 2) {
                return "none";
            }
            elements++;
            return "sent";
        }

        public String receive() {
            if (elements == 0) {
                return closed ? "end" : "none";
            }
            elements--;
            return "one";
        }

        public boolean close() {
            boolean before = closed;
            closed = true;
            return !before;
        }
    }

    /// A send that nobody receives, which a context ends.
    public static final class SendOrEnd {
        private final CancellableContext context = Context.background().withCancel();
        private final Channel<?>[] both = {Channel.unbuffered(), (Channel<?>) context.done()};

        @Operation
        public String send() {
            return poll(both, 1, null);
        }

        @Operation
        public void cancel() {
            context.cancel();
        }

        @Operation
        public boolean isDone() {
            return context.isDone();
        }
    }

    public static final class SendOrEndModel {
        private boolean done;

        public String send() {
            return done ? "end" : "none";
        }

        public void cancel() {
            done = true;
        }

        public boolean isDone() {
            return done;
        }
    }

    @Test
    void twoChannels_anyOrder_areDecidedAtOneInstant() {
        Linearizability.check(TwoChannels.class, Model.class);
    }

    @Test
    void sameChannelTwiceAndClose_anyOrder_isAChannel() {
        Linearizability.check(Twice.class, Model.class);
    }

    @Test
    void sendOrCancelled_anyOrder_isDoneOnceCancelled() {
        Linearizability.check(SendOrEnd.class, SendOrEndModel.class);
    }
}
