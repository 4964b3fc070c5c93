package dev.weir.testkit;

import dev.weir.engine.Inlet;
import dev.weir.engine.Message;
import dev.weir.engine.Receipt;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/// The pipelines' side of a source, played by a test: keeps what it is given, can be shut as a full
/// pipeline is, settles as told now or later, and notices whoever comes after the source was
/// closed. Thread-safe; the fields may be set at any time.
public final class RecordingInlet implements Inlet {
    /// A message as it came: the payload is copied, since the view ends with `accept`.
    ///
    /// @param address the topic or path
    /// @param payload a copy
    /// @param contentType the media type, or `null` as text
    /// @param sender who sent it, or `null` as text
    /// @param hops how many nodes have passed it on
    /// @param traceparent what its sender says about a trace, or `null` as text
    /// @param ack to be settled by the test where [#settleAtOnce] is false
    @SuppressWarnings("ArrayRecordComponent") // a copy of its own
    public record Taken(
            String address, byte[] payload, String contentType, String sender, int hops, String traceparent, Ack ack) {
        /// The payload as UTF-8.
        public String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }
    }

    /// What was taken and not looked at yet, unless [#keep] is false.
    public final BlockingQueue<Taken> taken = new LinkedBlockingQueue<>();

    /// How many messages were taken.
    public final AtomicLong count = new AtomicLong();

    /// How many messages the source itself turned away, and why.
    public final AtomicLong rejected = new AtomicLong();

    /// The reasons for which the source turned messages away.
    public final List<String> reasons = new CopyOnWriteArrayList<>();

    /// How often the source said that it has no more.
    public final AtomicInteger finished = new AtomicInteger();

    /// What `settle` is told.
    public volatile Receipt receipt = Receipt.ACCEPTED;

    /// What `settle` is told where that depends on the message.
    public volatile Function<Message, Receipt> judge = _ -> receipt;

    /// Whether messages are settled before `accept` returns, or by the test.
    public volatile boolean settleAtOnce = true;

    /// Whether messages are kept; for tests that send millions.
    public volatile boolean keep = true;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition opened = lock.newCondition();
    /// Guarded by `lock`.
    private boolean shut;

    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger overloaded = new AtomicInteger();
    private final AtomicInteger underWay = new AtomicInteger();
    private final List<String> late = new CopyOnWriteArrayList<>();
    private volatile boolean ended;

    /// From now on `accept` blocks, or not any more.
    public void shut(boolean closed) {
        lock.lock();
        try {
            shut = closed;
            opened.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// How many callers wait in `accept` now.
    public int waiting() {
        return waiting.get();
    }

    /// How many messages were told that there was no room.
    public int overloaded() {
        return overloaded.get();
    }

    /// Says that the source's `close` has returned: a call that is under way, or comes later, is a
    /// mistake that [#late] shows.
    public void end() {
        ended = true;
        int still = underWay.get();
        if (still != 0) {
            late.add(still + " calls under way when close returned");
        }
    }

    /// Takes calls again after [#end], of another source.
    public void begin() {
        ended = false;
    }

    /// What came after [#end].
    public List<String> late() {
        return List.copyOf(late);
    }

    @Override
    public void accept(Message message, Ack ack) throws InterruptedException {
        accept(message, ack, Duration.ofDays(1));
    }

    @Override
    public void accept(Message message, Ack ack, Duration patience) throws InterruptedException {
        enter("accept " + message.address());
        try {
            if (awaitRoom(patience)) {
                take(message, ack);
            } else {
                overloaded.incrementAndGet();
                ack.settle(Receipt.OVERLOADED);
            }
        } finally {
            underWay.decrementAndGet();
        }
    }

    private void enter(String call) {
        underWay.incrementAndGet();
        if (ended) {
            late.add(call + " by " + Thread.currentThread());
        }
    }

    private boolean awaitRoom(Duration patience) throws InterruptedException {
        lock.lockInterruptibly();
        waiting.incrementAndGet();
        try {
            long left = patience.toNanos();
            while (shut) {
                if (left <= 0) {
                    return false;
                }
                left = opened.awaitNanos(left);
            }
            return true;
        } finally {
            waiting.decrementAndGet();
            lock.unlock();
        }
    }

    private void take(Message message, Ack ack) {
        Receipt answer = judge.apply(message);
        boolean now = settleAtOnce;
        if (keep) {
            taken.add(new Taken(
                    message.address(),
                    message.payload(),
                    String.valueOf(message.contentType()),
                    String.valueOf(message.sender()),
                    message.hops(),
                    String.valueOf(message.traceparent()),
                    ack));
        }
        count.incrementAndGet();
        if (now) {
            ack.settle(answer);
        }
    }

    @Override
    public void rejected(String reason) {
        enter("rejected " + reason);
        rejected.incrementAndGet();
        reasons.add(reason);
        underWay.decrementAndGet();
    }

    @Override
    public void finished() {
        enter("finished");
        finished.incrementAndGet();
        underWay.decrementAndGet();
    }

    /// The next message, or a failure after ten seconds.
    public Taken next() throws InterruptedException {
        Taken next = taken.poll(Eventually.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no message reached the inlet within " + Eventually.PATIENCE.toSeconds() + " s");
        }
        return next;
    }

    /// The payloads of the next messages.
    public List<String> texts(int number) throws InterruptedException {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            texts.add(next().text());
        }
        return texts;
    }
}
