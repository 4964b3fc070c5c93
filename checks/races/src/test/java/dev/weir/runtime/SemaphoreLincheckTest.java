package dev.weir.runtime;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/// A weighted semaphore, by the operations that do not block.
final class SemaphoreLincheckTest {
    private static final int SIZE = 3;

    @Param(name = "permits", gen = IntGen.class, conf = "1:3")
    public static final class Tested {
        private final WeightedSemaphore semaphore = WeightedSemaphore.of(SIZE);

        @Operation
        public boolean tryAcquire(@Param(name = "permits") int permits) {
            return semaphore.tryAcquire(permits);
        }

        @Operation
        public boolean release(@Param(name = "permits") int permits) {
            try {
                semaphore.release(permits);
                return true;
            } catch (IllegalStateException moreThanHeld) {
                return false;
            }
        }
    }

    public static final class Model {
        private int held;

        public boolean tryAcquire(int permits) {
            if (held + permits > SIZE) {
                return false;
            }
            held += permits;
            return true;
        }

        public boolean release(int permits) {
            if (permits > held) {
                return false;
            }
            held -= permits;
            return true;
        }
    }

    @Test
    void tryAcquireAndRelease_anyOrder_isASemaphore() {
        Linearizability.check(Tested.class, Model.class);
    }
}
