package dev.weir.runtime;

import java.util.ArrayDeque;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// A channel, by the operations that do not block. Those that do are models (runtime/proofs) and stress tests:
/// Lincheck knows the suspension of Kotlin's coroutines only.
final class ChannelLincheckTest {
    @Param(name = "element", gen = IntGen.class, conf = "1:3")
    abstract static class Tested {
        private final Channel<Integer> channel;

        Tested(Channel<Integer> channel) {
            this.channel = channel;
        }

        @Operation
        public String send(@Param(name = "element") int element) {
            try {
                return channel.trySend(element) ? "sent" : "full";
            } catch (SendOnClosedException closed) {
                return "closed";
            }
        }

        @Operation
        public String receive() {
            try {
                var received = channel.tryReceive();
                return received == null ? "empty" : received.toString();
            } catch (ReceiveOnClosedException closed) {
                return "end";
            }
        }

        @Operation
        public boolean close() {
            return channel.closeIfOpen();
        }

        @Operation
        public int length() {
            return channel.length();
        }
    }

    /// What a channel is, for one thread.
    abstract static class Model {
        private final int capacity;
        private final ArrayDeque<Integer> elements = new ArrayDeque<>();
        private boolean closed;

        Model(int capacity) {
            this.capacity = capacity;
        }

        public String send(int element) {
            if (closed) {
                return "closed";
            }
            if (elements.size() == capacity) {
                return "full";
            }
            elements.add(element);
            return "sent";
        }

        public String receive() {
            @Nullable Integer first = elements.poll();
            return first != null ? first.toString() : closed ? "end" : "empty";
        }

        public boolean close() {
            boolean before = closed;
            closed = true;
            return !before;
        }

        public int length() {
            return elements.size();
        }
    }

    @Param(name = "element", gen = IntGen.class, conf = "1:3")
    public static final class Unbuffered extends Tested {
        public Unbuffered() {
            super(Channel.unbuffered());
        }
    }

    public static final class UnbufferedModel extends Model {
        public UnbufferedModel() {
            super(0);
        }
    }

    @Param(name = "element", gen = IntGen.class, conf = "1:3")
    public static final class OfOne extends Tested {
        public OfOne() {
            super(Channel.bounded(1));
        }
    }

    public static final class ModelOfOne extends Model {
        public ModelOfOne() {
            super(1);
        }
    }

    @Param(name = "element", gen = IntGen.class, conf = "1:3")
    public static final class OfTwo extends Tested {
        public OfTwo() {
            super(Channel.bounded(2));
        }
    }

    public static final class ModelOfTwo extends Model {
        public ModelOfTwo() {
            super(2);
        }
    }

    @Test
    void unbuffered_anyOrder_isAChannel() {
        Linearizability.check(Unbuffered.class, UnbufferedModel.class);
    }

    @Test
    void capacityOne_anyOrder_isAChannel() {
        Linearizability.check(OfOne.class, ModelOfOne.class);
    }

    @Test
    void capacityTwo_anyOrder_isAChannel() {
        Linearizability.check(OfTwo.class, ModelOfTwo.class);
    }
}
