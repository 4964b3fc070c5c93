package dev.weir.runtime;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/// A race that must be found, or the others mean nothing.
@JCStressTest
@State
@Outcome(id = "2", expect = ACCEPTABLE, desc = "both have counted")
public class PlantedStress {
    private volatile int count;

    @Actor
    public void first() {
        increment();
    }

    @Actor
    public void second() {
        increment();
    }

    @SuppressWarnings("ThreadPriorityCheck")
    private void increment() {
        int seen = count;
        Thread.yield(); // on a busy machine the two seldom run at the same time
        count = seen + 1;
    }

    @Arbiter
    public void both(I_Result result) {
        result.r1 = count;
    }
}
