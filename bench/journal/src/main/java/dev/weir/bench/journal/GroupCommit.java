package dev.weir.bench.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One platform thread that commits for all who append, since native calls keep a carrier: without
/// it a store behind JNI commits as many records at once as there are processors.
final class GroupCommit implements AutoCloseable {
    private static final int MOST = 65_536;

    private final Committing committing;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // guarded by lock
    private Group filling = new Group();
    private boolean closed;

    interface Committing {
        void commit(List<byte[]> records) throws Exception;
    }

    private static final class Group {
        final List<byte[]> records = new ArrayList<>();
        final CountDownLatch done = new CountDownLatch(1);
        volatile @Nullable Exception failure;
    }

    GroupCommit(Committing committing) {
        this.committing = committing;
        this.thread = Thread.ofPlatform().name("group-commit").start(this::run);
    }

    void append(List<byte[]> records) throws Exception {
        Group group;
        lock.lockInterruptibly();
        try {
            while (filling.records.size() > MOST) {
                changed.await();
            }
            group = filling;
            group.records.addAll(records);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        group.done.await();
        if (group.failure != null) {
            throw group.failure;
        }
    }

    private void run() {
        for (Group group = take(); group != null; group = take()) {
            try {
                committing.commit(group.records);
            } catch (Exception e) {
                group.failure = e;
            }
            group.done.countDown();
        }
    }

    private @Nullable Group take() {
        lock.lock();
        try {
            while (filling.records.isEmpty()) {
                if (closed) {
                    return null;
                }
                changed.awaitUninterruptibly();
            }
            Group taken = filling;
            filling = new Group();
            changed.signalAll();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws InterruptedException {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        thread.join();
    }
}
