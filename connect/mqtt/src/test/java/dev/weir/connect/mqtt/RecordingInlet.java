package dev.weir.connect.mqtt;

import dev.weir.engine.Inlet;
import dev.weir.engine.Message;
import dev.weir.engine.Receipt;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// An inlet that keeps what it is given, can be shut, and settles now or later.
final class RecordingInlet implements Inlet {
    /// A message as it came: the payload is copied, since the view ends with `accept`.
    @SuppressWarnings("ArrayRecordComponent") // a copy of its own
    record Taken(String topic, byte[] payload, String contentType, String sender, Ack ack) {
        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }
    }

    final BlockingQueue<Taken> taken = new LinkedBlockingQueue<>();
    final AtomicLong count = new AtomicLong();
    final AtomicLong rejected = new AtomicLong();

    volatile Receipt receipt = Receipt.ACCEPTED;
    volatile boolean settleAtOnce = true;
    volatile boolean keep = true;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition opened = lock.newCondition();
    private boolean shut;

    /// From now on `accept` blocks, or not any more.
    void shut(boolean closed) {
        lock.lock();
        try {
            shut = closed;
            opened.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void accept(Message message, Ack ack) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (shut) {
                opened.await();
            }
        } finally {
            lock.unlock();
        }
        take(message, ack);
    }

    @Override
    public void accept(Message message, Ack ack, Duration patience) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (shut) {
                ack.settle(Receipt.OVERLOADED);
                return;
            }
        } finally {
            lock.unlock();
        }
        take(message, ack);
    }

    private void take(Message message, Ack ack) {
        count.incrementAndGet();
        if (keep) {
            taken.add(new Taken(
                    message.address(),
                    message.payload(),
                    String.valueOf(message.contentType()),
                    String.valueOf(message.sender()),
                    ack));
        }
        if (settleAtOnce) {
            ack.settle(receipt);
        }
    }

    @Override
    public void rejected(String reason) {
        rejected.incrementAndGet();
    }

    @Override
    public void finished() {}

    /// The next message, or a failure after ten seconds.
    Taken next() throws InterruptedException {
        Taken next = taken.poll(10, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no message reached the inlet within 10 s");
        }
        return next;
    }

    /// The payloads of the next messages.
    List<String> texts(int number) throws InterruptedException {
        java.util.ArrayList<String> texts = new java.util.ArrayList<>();
        for (int i = 0; i < number; i++) {
            texts.add(next().text());
        }
        return texts;
    }
}
