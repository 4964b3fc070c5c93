package dev.weir.engine.flow;

import dev.weir.engine.Reading;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// A reading on its way to its sinks: completed when the last of them has confirmed it. Shared by
/// the sinks' workers.
final class Delivery {
    private static final VarHandle SHARES;
    private static final VarHandle FAILURE;

    static {
        try {
            var lookup = MethodHandles.lookup();
            SHARES = lookup.findVarHandle(Delivery.class, "shares", int.class);
            FAILURE = lookup.findVarHandle(Delivery.class, "failure", Failure.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Reading reading;
    private final Account account;

    @SuppressWarnings("UnusedVariable") // written through SHARES
    private volatile int shares;

    private volatile @Nullable Failure failure;

    /// Why a sink does not have a reading.
    ///
    /// @param refused whether it is a dead letter; otherwise it was dropped
    /// @param reason the counted word
    record Failure(boolean refused, String reason) {
        static final Failure SHUTDOWN = new Failure(false, Account.SHUTDOWN);
    }

    /// @param shares how many have to let go of it
    Delivery(Reading reading, Account account, int shares) {
        this.reading = reading;
        this.account = account;
        SHARES.set(this, shares);
    }

    Reading reading() {
        return reading;
    }

    Account account() {
        return account;
    }

    /// A sink will not have it. The first failure is the one that is counted.
    void fail(Failure why) {
        FAILURE.compareAndSet(this, null, why);
        release();
    }

    /// Gives up one share. With the last one the reading is counted.
    void release() {
        if ((int) SHARES.getAndAdd(this, -1) != 1) {
            return;
        }
        account.inSinks.decrement();
        Failure why = failure;
        if (why == null) {
            account.completed.increment();
            Fate.COMPLETED.of(reading);
        } else if (why.refused()) {
            account.deadLettered.count(why.reason());
            Fate.DEAD_LETTERED.of(reading, why.reason());
        } else {
            account.dropped.count(why.reason());
            Fate.DROPPED.of(reading, why.reason());
        }
    }
}
