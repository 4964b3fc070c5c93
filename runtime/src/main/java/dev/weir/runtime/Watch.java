package dev.weir.runtime;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Takes processors away from carriers that keep them too long while others wait (Go's `sysmon`):
/// from one that has run the same turn for 10 ms, or has been blocked in it for 1 ms. While an
/// alarm waits it lends the processor after 1 ms: to a carrier that runs the alarms and gives it
/// back; from one that keeps what it has borrowed it is taken like any other. So alarms do not add
/// to the threads that compute. One platform thread for each scheduler, which ends with its last
/// carrier.
final class Watch extends Thread {
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long LONG_TURN_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int DETACHED_FOR_EACH = 2;
    private static final long ALARM_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final Processors home;

    Watch(Processors home) {
        super(null, null, home.name + "-watch", 0, false);
        this.home = home;
        setDaemon(true);
    }

    @Override
    public void run() {
        while (true) {
            boolean idle = home.isIdle();
            if (idle && home.endWatch()) {
                return;
            }
            LockSupport.parkNanos(this, idle ? IDLE_NANOS : LOOK_NANOS);
            long now = System.nanoTime();
            home.looks(now);
            try {
                for (Processor processor : home.all) {
                    look(processor, now);
                }
            } catch (OutOfMemoryError e) {
                LockSupport.parkNanos(this, IDLE_NANOS); // no thread for a carrier: perhaps later
            }
        }
    }

    private void look(Processor processor, long now) {
        long tick = processor.tick();
        Carrier owner = processor.owner();
        if (owner == null) {
            if (processor.size() > 0 || home.hasQueued()) {
                home.wake(); // there was no thread for who was called
            }
            return;
        }
        long held = owner.heldNanos(now);
        if (held == 0 || !owner.isAwake() || (processor.size() == 0 && !home.hasQueued())) {
            return;
        }
        if (home.hasIdle()) {
            home.wake();
        } else if (held >= ALARM_NANOS && owner.isBlocked()) {
            home.retake(processor, owner, tick, false);
        } else if (held >= patienceNanos() && (home.hasOthers() || processor.hasOthers())) {
            home.retake(processor, owner, tick, true); // alarms that come without a pause would borrow it for ever
        } else if (held >= ALARM_NANOS && !processor.isLent() && (home.hasAlarms() || processor.hasAlarm())) {
            home.lend(processor, owner, tick);
        } else if (held >= patienceNanos()) {
            home.retake(processor, owner, tick, true);
        }
    }

    /// Who is not blocked goes on and takes its share of the machine from all others, the next
    /// alarm included: where there are many already, one more is let go only now and then.
    private long patienceNanos() {
        return home.detached.get() < DETACHED_FOR_EACH * home.all.length ? TURN_NANOS : LONG_TURN_NANOS;
    }
}
