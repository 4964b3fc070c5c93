package dev.weir.runtime;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// A processor's queue: its owner pushes, polls and spills, a thief steals half, and the watch takes it away.
final class RunQueueLincheckTest {
    private static final Processors NOBODY = new Processors("lincheck", 1, 0);
    private static final Carrier OWNER = new Carrier(NOBODY, "owner");
    private static final Carrier OTHER = new Carrier(NOBODY, "other");

    private record Turn(int number) implements Runnable {
        @Override
        public void run() {
            throw new IllegalStateException("nobody runs turn " + number);
        }
    }

    @Param(name = "turn", gen = IntGen.class, conf = "1:9")
    public static final class Tested {
        private final Processor processor = new Processor(0);

        public Tested() {
            processor.give(OWNER);
        }

        @Operation
        public int push(@Param(name = "turn") int turn) {
            return processor.push(OWNER, Lane.SAMPLE, new Turn(turn), false);
        }

        @Operation
        public int pushNext(@Param(name = "turn") int turn) {
            return processor.push(OWNER, Lane.SAMPLE, new Turn(turn), true);
        }

        @Operation
        public String poll() {
            return switch (processor.poll(OWNER)) {
                case null -> "empty";
                case Turn(int number) -> Integer.toString(number);
                default -> "lost";
            };
        }

        @Operation
        public String steal() {
            return taken(true);
        }

        @Operation
        public String spill() {
            return taken(false);
        }

        @Operation
        public boolean retake() {
            return processor.retake(OWNER, 0, OTHER);
        }

        private String taken(boolean steals) {
            var loot = new Loot();
            int count = steals ? processor.steal(loot, true) : processor.spill(OWNER, loot, Lane.SAMPLE);
            var numbers = new ArrayList<Integer>();
            for (int i = 0; i < count; i++) {
                if (loot.turn(i) instanceof Turn(int number)) {
                    numbers.add(number);
                }
            }
            return numbers.toString();
        }
    }

    public static final class Model {
        private final ArrayDeque<Integer> waiting = new ArrayDeque<>();
        private @Nullable Integer next;
        private boolean lost;
        private int polled;

        public int push(int turn) {
            if (lost) {
                return -1;
            }
            waiting.add(turn);
            return size();
        }

        public int pushNext(int turn) {
            if (lost) {
                return -1;
            }
            if (next != null) {
                waiting.add(next);
            }
            next = turn;
            return size();
        }

        public String poll() {
            if (lost) {
                return "lost";
            }
            @Nullable Integer turn = next;
            next = null;
            if (turn == null) {
                turn = waiting.poll();
            }
            if (turn == null) {
                return "empty";
            }
            polled++;
            return turn.toString();
        }

        public String steal() {
            var taken = take(waiting.size() - waiting.size() / 2);
            if (taken.isEmpty() && next != null) {
                taken.add(next);
                next = null;
            }
            return taken.toString();
        }

        public String spill() {
            return take(lost ? 0 : waiting.size()).toString();
        }

        public boolean retake() {
            if (lost || polled > 0) {
                return false;
            }
            lost = true;
            return true;
        }

        private int size() {
            return waiting.size() + (next == null ? 0 : 1);
        }

        private List<Integer> take(int count) {
            var taken = new ArrayList<Integer>();
            for (int i = 0; i < count; i++) {
                taken.add(waiting.remove());
            }
            return taken;
        }
    }

    @Test
    void pushPollStealAndRetake_anyOrder_isAQueue() {
        Linearizability.check(Tested.class, Model.class);
    }
}
