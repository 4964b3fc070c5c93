package dev.weir.runtime;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/// Several ways in which a context ends at once, and groups that fail. What is not listed is forbidden.
public final class ContextStress {
    private ContextStress() {}

    /// A cause whose name is a plain field.
    private static final class Named extends RuntimeException {
        private static final long serialVersionUID = 1;

        private String name;

        Named(String name) {
            super(name, null, false, false);
            this.name = name;
        }
    }

    private static String end(Context context) {
        return context.cause().map(ContextStress::name).orElse("open");
    }

    private static String name(Throwable cause) {
        return switch (cause) {
            case Named named -> named.name;
            case DeadlineExceededException _ -> "deadline";
            case CancelledException _ -> "cancelled";
            default -> cause.toString();
        };
    }

    @JCStressTest
    @State
    @Outcome(id = "a, a", expect = ACCEPTABLE, desc = "the first cause stands, for both")
    @Outcome(id = "b, b", expect = ACCEPTABLE, desc = "the second cause stands, for both")
    public static class TwoCauses {
        private final CancellableContext context = Context.background().withCancel();

        @Actor
        public void first() {
            context.cancel(new Named("a"));
        }

        @Actor
        public void second() {
            context.cancel(new Named("b"));
        }

        @Arbiter
        public void once(LL_Result result) {
            result.r1 = end(context);
            result.r2 = end(context);
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "open", expect = ACCEPTABLE, desc = "looked before the end")
    @Outcome(id = "a", expect = ACCEPTABLE, desc = "who sees the end sees its cause, and all of it")
    public static class EndAndLook {
        private final CancellableContext context = Context.background().withCancel();

        @Actor
        public void cancels() {
            context.cancel(new Named("a"));
        }

        @Actor
        public void looks(L_Result result) {
            result.r1 = end(context);
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "a, 0", expect = ACCEPTABLE, desc = "the child ends with its parent, which keeps nothing of it")
    public static class ChildAndEnd {
        private final CancellableContext parent = Context.background().withCancel();
        private volatile Context child = parent;

        @Actor
        public void derives() {
            child = parent.withCancel();
        }

        @Actor
        public void cancels() {
            parent.cancel(new Named("a"));
        }

        @Arbiter
        public void both(LL_Result result) {
            result.r1 = end(child);
            result.r2 = ((CancelNode) parent).dependentCount();
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "deadline, deadline, 0", expect = ACCEPTABLE, desc = "the deadline was first, and stands")
    @Outcome(id = "a, a, 0", expect = ACCEPTABLE, desc = "the parent's end was first, and stands")
    public static class CancelAndDeadline {
        private final CancellableContext parent = Context.background().withCancel();
        private volatile Context child = parent;

        @Actor
        public void waits(LLL_Result result) {
            child = parent.withTimeout(Duration.ofNanos(2_000));
            result.r1 = Tries.uninterrupted(() -> {
                child.await();
                return end(child);
            });
        }

        @Actor
        public void cancels() {
            parent.cancel(new Named("a"));
        }

        @Arbiter
        public void later(LLL_Result result) {
            result.r2 = end(child);
            result.r3 = ((CancelNode) parent).dependentCount();
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "started, a", expect = ACCEPTABLE, desc = "the task was started, and its failure is reported")
    @Outcome(id = "refused, none", expect = ACCEPTABLE, desc = "the group had ended before, and says so")
    public static class FailAndAwait {
        private final Group group = Group.of(Context.background(), "stress");

        @Actor
        public void starts(LL_Result result) {
            try {
                group.tryGo(() -> {
                    throw new Named("a");
                });
                result.r1 = "started";
            } catch (IllegalStateException ended) {
                result.r1 = "refused";
            }
        }

        @Actor
        public void awaits(LL_Result result) {
            try {
                result.r2 = Tries.uninterrupted(() -> {
                    group.await();
                    return "none";
                });
            } catch (TaskFailedException failed) {
                result.r2 = failed.getCause() instanceof Named named ? named.name : "another one";
            }
        }
    }
}
