package dev.weir.journal;

import java.util.concurrent.atomic.AtomicLong;

/// What the journal's thread has done. It writes, others read.
final class Figures {
    private final AtomicLong records = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong commits = new AtomicLong();
    private final AtomicLong forces = new AtomicLong();
    private final AtomicLong forceNanos = new AtomicLong();

    void committed(long more, long size) {
        records.setPlain(records.getPlain() + more);
        bytes.setPlain(bytes.getPlain() + size);
        commits.setRelease(commits.getPlain() + 1);
    }

    void forced(long nanos) {
        forceNanos.setPlain(forceNanos.getPlain() + nanos);
        forces.setRelease(forces.getPlain() + 1);
    }

    long records() {
        return records.getAcquire();
    }

    long bytes() {
        return bytes.getAcquire();
    }

    long commits() {
        return commits.getAcquire();
    }

    long forces() {
        return forces.getAcquire();
    }

    long forceNanos() {
        return forceNanos.getAcquire();
    }
}
