package dev.weir.bench.cells;

import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.SynchronousQueue;

/// The queues of java.util.concurrent on the JDK's virtual threads.
final class QueueLibrary extends Library {
    @Override
    protected void start(Runnable task) {
        Thread.startVirtualThread(task);
    }

    @Override
    protected Pipe pipe(int capacity) {
        return new QueuePipe(capacity == 0 ? new SynchronousQueue<>() : new ArrayBlockingQueue<>(capacity));
    }

    private static final class QueuePipe extends Pipe {
        private final BlockingQueue<Integer> queue;

        QueuePipe(BlockingQueue<Integer> queue) {
            this.queue = queue;
        }

        @Override
        protected void send(Integer element) throws InterruptedException {
            queue.put(element);
        }

        @Override
        protected Integer receive() throws InterruptedException {
            return queue.take();
        }

        @Override
        protected void receiveSome(List<Integer> into, int max) throws InterruptedException {
            into.add(queue.take());
            queue.drainTo(into, max - 1);
        }
    }
}
