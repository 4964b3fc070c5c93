package dev.weir.runtime;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/// A processor that changes hands, is lent, is stolen from, or is laid down, while its carrier uses it. The carriers
/// are never started. What is not listed is forbidden.
public final class ProcessorStress {
    private ProcessorStress() {}

    private static final Processors NOBODY = new Processors("stress", 1, 0);
    private static final Carrier OWNER = new Carrier(NOBODY, "owner");
    private static final Carrier THIEF = new Carrier(NOBODY, "thief");
    private static final Runnable FIRST = new Turn("first");
    private static final Runnable SECOND = new Turn("second");

    private record Turn(String name) implements Runnable {
        @Override
        public void run() {
            throw new IllegalStateException("nobody runs turn " + name);
        }
    }

    private static Processor owned(Runnable... turns) {
        var processor = new Processor(0);
        processor.give(OWNER);
        for (Runnable turn : turns) {
            processor.push(OWNER, Lane.SAMPLE, turn, false);
        }
        return processor;
    }

    private static String name(@Nullable Runnable turn) {
        return switch (turn) {
            case null -> "nothing";
            case Turn(String name) -> name;
            default -> "lost";
        };
    }

    @JCStressTest
    @State
    @Outcome(id = "1, true, first", expect = ACCEPTABLE, desc = "pushed in time, and the new owner runs it")
    @Outcome(id = "-1, true, nothing", expect = ACCEPTABLE, desc = "lost before, and the carrier knows")
    public static class PushAndRetake {
        private final Processor processor = owned();

        @Actor
        public void owner(LLL_Result result) {
            result.r1 = processor.push(OWNER, Lane.SAMPLE, FIRST, true);
        }

        @Actor
        public void watch(LLL_Result result) {
            result.r2 = processor.retake(OWNER, 0, THIEF, true);
        }

        @Arbiter
        public void newOwner(LLL_Result result) {
            result.r3 = name(processor.poll(THIEF));
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "first, false, lost", expect = ACCEPTABLE, desc = "began a turn, so that the watch lets it be")
    @Outcome(id = "lost, true, first", expect = ACCEPTABLE, desc = "taken before, and the turn is the new owner's")
    public static class PollAndRetake {
        private final Processor processor = owned(FIRST);

        @Actor
        public void owner(LLL_Result result) {
            result.r1 = name(processor.poll(OWNER));
        }

        @Actor
        public void watch(LLL_Result result) {
            result.r2 = processor.retake(OWNER, 0, THIEF, true);
        }

        @Arbiter
        public void newOwner(LLL_Result result) {
            result.r3 = name(processor.poll(THIEF));
        }
    }

    private static Processor lent(Processors home, Carrier from, Carrier to) {
        Processor processor = Objects.requireNonNull(home.processorOrRest(from));
        processor.push(from, Lane.SAMPLE, FIRST, false);
        processor.lend(from, processor.tick(), to);
        return processor;
    }

    @JCStressTest
    @State
    @Outcome(id = "first, false, lost", expect = ACCEPTABLE, desc = "began a turn, so that the watch lends nothing")
    @Outcome(id = "lost, true, first", expect = ACCEPTABLE, desc = "lent before, and the lender does not get it back")
    public static class PollAndLend {
        private final Processor processor = owned(FIRST);

        @Actor
        public void owner(LLL_Result result) {
            result.r1 = name(processor.poll(OWNER));
        }

        @Actor
        public void watch(LLL_Result result) {
            result.r2 = processor.lend(OWNER, 0, THIEF);
        }

        @Arbiter
        public void borrower(LLL_Result result) {
            processor.giveBack(THIEF);
            result.r3 = name(processor.poll(THIEF));
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "first, true, lost", expect = ACCEPTABLE, desc = "given back before the lender's turn ended")
    @Outcome(id = "lost, false, first", expect = ACCEPTABLE, desc = "the turn ended before: the borrower keeps it")
    public static class PollAndGiveBack {
        private final Processor processor = lent(new Processors("stress", 1, 0), OWNER, THIEF);

        @Actor
        public void lender(LLL_Result result) {
            result.r1 = name(processor.poll(OWNER));
        }

        @Actor
        public void borrower(LLL_Result result) {
            result.r2 = processor.giveBack(THIEF);
        }

        @Arbiter
        public void owner(LLL_Result result) {
            result.r3 = name(processor.poll(THIEF));
        }
    }

    @JCStressTest
    @State
    @Outcome(
            id = "false, true, 0",
            expect = ACCEPTABLE,
            desc = "given back first: the watch has looked at another owner")
    @Outcome(id = "true, false, 2", expect = ACCEPTABLE, desc = "taken first: both go on without a processor")
    public static class RetakeAndGiveBack {
        private final Processors home = new Processors("stress", 1, 0);
        private final Carrier lender = new Carrier(home, "lender");
        private final Carrier borrower = new Carrier(home, "borrower");
        private final Processor processor = lent(home, lender, borrower);

        @Actor
        public void watch(LLL_Result result) {
            result.r1 = processor.retake(borrower, 0, THIEF, true);
        }

        @Actor
        public void borrower(LLL_Result result) {
            result.r2 = processor.giveBack(borrower);
        }

        @Arbiter
        public void detached(LLL_Result result) {
            result.r3 = home.detached.get();
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "lost, true, 1", expect = ACCEPTABLE, desc = "ended first: only who has borrowed it is on its own")
    @Outcome(id = "lost, true, 2", expect = ACCEPTABLE, desc = "taken first: the lender is counted until it notices")
    public static class PollAndRetakeOfLent {
        private final Processors home = new Processors("stress", 1, 0);
        private final Carrier lender = new Carrier(home, "lender");
        private final Carrier borrower = new Carrier(home, "borrower");
        private final Processor processor = lent(home, lender, borrower);

        @Actor
        public void lender(LLL_Result result) {
            result.r1 = name(processor.poll(lender));
        }

        @Actor
        public void watch(LLL_Result result) {
            result.r2 = processor.retake(borrower, 0, THIEF, true);
        }

        @Arbiter
        public void detached(LLL_Result result) {
            result.r3 = home.detached.get();
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "first, second", expect = ACCEPTABLE, desc = "the owner was first")
    @Outcome(id = "second, first", expect = ACCEPTABLE, desc = "the thief was first")
    public static class PollAndSteal {
        private final Processor processor = owned(FIRST, SECOND);
        private final Loot loot = new Loot();

        @Actor
        public void owner(LL_Result result) {
            result.r1 = name(processor.poll(OWNER));
        }

        @Actor
        public void thief(LL_Result result) {
            result.r2 = processor.steal(loot, true) == 0 ? "nothing" : name(loot.turn(0));
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "1, 2, true", expect = ACCEPTABLE, desc = "the lock lets one in after the other")
    @Outcome(id = "2, 1, true", expect = ACCEPTABLE, desc = "the lock lets one in after the other")
    public static class Lock {
        private final Processor processor = owned();

        @Actor
        public void first(LLL_Result result) {
            result.r1 = processor.push(OWNER, Lane.SAMPLE, FIRST, false);
        }

        @Actor
        public void second(LLL_Result result) {
            result.r2 = processor.push(OWNER, Lane.SAMPLE, SECOND, false);
        }

        @Arbiter
        public void both(LLL_Result result) {
            String one = name(processor.poll(OWNER));
            String other = name(processor.poll(OWNER));
            result.r3 = (one + other).equals("firstsecond") || (one + other).equals("secondfirst");
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "false, true, true", expect = ACCEPTABLE, desc = "taken first: the carrier leaves it alone")
    @Outcome(id = "true, false, false", expect = ACCEPTABLE, desc = "laid down first: there is nothing to take")
    public static class RestAndRetake {
        private final Processors home = new Processors("stress", 1, 0);
        private final Carrier owner = new Carrier(home, "owner");
        private final Processor processor = Objects.requireNonNull(home.processorOrRest(owner));

        @Actor
        public void owner(LLL_Result result) {
            result.r1 = home.rest(owner, processor);
        }

        @Actor
        public void watch(LLL_Result result) {
            result.r2 = processor.retake(owner, 0, THIEF, true);
        }

        @Arbiter
        public void idle(LLL_Result result) {
            result.r3 = !home.hasIdle();
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "who adds sees that somebody rests, and calls")
    @Outcome(id = "false, false", expect = ACCEPTABLE, desc = "who would rest sees the turn, and stays")
    public static class AddAndRest {
        private final Processors home = new Processors("stress", 1, 0);
        private final Carrier carrier = new Carrier(home, "carrier");
        private final Processor processor = Objects.requireNonNull(home.processorOrRest(carrier));

        @Actor
        public void stranger(LL_Result result) {
            home.add(Lane.SAMPLE, FIRST);
            result.r1 = home.hasIdle();
        }

        @Actor
        public void carrier(LL_Result result) {
            result.r2 = home.rest(carrier, processor);
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "both see each other: one call too many at worst")
    @Outcome(id = "true, false", expect = ACCEPTABLE, desc = "who pushes sees that nobody spins, and calls")
    @Outcome(id = "false, true", expect = ACCEPTABLE, desc = "who stops spinning sees the turn, and calls")
    public static class PushAndStopSpinning {
        private final Processors home = new Processors("stress", 2, 0);
        private final Carrier pusher = new Carrier(home, "pusher");
        private final Carrier spinner = new Carrier(home, "spinner");
        private final Processor busy = Objects.requireNonNull(home.processorOrRest(pusher));
        private final Processor bored = Objects.requireNonNull(home.processorOrRest(spinner));
        private final boolean spins = home.startSpinning();

        @Actor
        public void pusher(LL_Result result) {
            busy.push(pusher, Lane.SAMPLE, FIRST, false);
            VarHandle.fullFence(); // as in wake
            result.r1 = home.startSpinning(); // only if nobody spins any more
        }

        @Actor
        public void spinner(LL_Result result) {
            home.rest(spinner, bored);
            if (spins) {
                home.stopSpinning();
            }
            result.r2 = busy.size() > 0;
        }
    }
}
