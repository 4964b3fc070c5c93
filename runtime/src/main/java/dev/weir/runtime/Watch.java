package dev.weir.runtime;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Takes processors away from carriers that keep them too long while others wait (Go's `sysmon`):
/// from one that has run the same turn for 10 ms, or is blocked in it, or for 1 ms while an alarm
/// waits. One platform thread for each scheduler, which ends with its last carrier.
final class Watch extends Thread {
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long ALARM_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final Processors home;
    private final long[] ticks;
    private final long[] since;

    Watch(Processors home) {
        super(null, null, home.name + "-watch", 0, false);
        this.home = home;
        this.ticks = new long[home.all.length];
        this.since = new long[home.all.length];
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
            for (Processor processor : home.all) {
                look(processor, now);
            }
        }
    }

    private void look(Processor processor, long now) {
        int index = processor.index;
        long tick = processor.tick();
        Carrier owner = processor.owner();
        if (owner == null || tick != ticks[index]) {
            ticks[index] = tick;
            since[index] = now;
            return;
        }
        boolean queued = home.hasQueued();
        if (processor.size() == 0 && !queued) {
            return;
        }
        if (home.hasIdle()) {
            home.wake();
            return;
        }
        long held = now - since[index];
        if (held >= TURN_NANOS || (held >= ALARM_NANOS && (home.hasAlarms() || isBlocked(owner)))) {
            home.retake(processor, owner, tick);
        }
    }

    private static boolean isBlocked(Carrier carrier) {
        return switch (carrier.getState()) {
            case BLOCKED, WAITING, TIMED_WAITING -> true;
            case NEW, RUNNABLE, TERMINATED -> false;
        };
    }
}
