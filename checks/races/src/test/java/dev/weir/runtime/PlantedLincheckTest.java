package dev.weir.runtime;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/// A race that must be found, or the others mean nothing.
final class PlantedLincheckTest {
    public static final class Tested {
        private final Channel<Integer> channel = Channel.bounded(4);

        /// Looks and sends: two steps.
        @Operation
        public int sendAndCount() {
            int before = channel.length();
            return channel.trySend(1) ? before + 1 : -1;
        }
    }

    public static final class Model {
        private int length;

        public int sendAndCount() {
            return length == 4 ? -1 : ++length;
        }
    }

    @Test
    void lookAndSend_asIfOneStep_isFoundOut() {
        assertThatThrownBy(() -> Linearizability.check(Tested.class, Model.class))
                .isInstanceOf(LincheckAssertionError.class);
    }
}
