package dev.weir.runtime;

import static dev.weir.runtime.Select.done;
import static dev.weir.runtime.Select.orElse;
import static dev.weir.runtime.Select.receive;
import static dev.weir.runtime.Select.select;
import static dev.weir.runtime.Select.selectFirst;
import static dev.weir.runtime.Select.send;
import static dev.weir.runtime.Select.timeout;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.AbstractCollection;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;

/// Threads that send and receive in every way there is, while others interrupt, cancel and close at random: what was
/// reported as sent must be received exactly once, or be handed back as undelivered, and what was reported as failed
/// never; and the counters say the same.
///
/// The seed is printed; `-Dseed=N` repeats it (the choices, not the interleaving). With `-Dweir.long=true` it moves ten
/// million elements.
@Timeout(900)
final class ChannelProperties {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final int SENDERS = 4;
    private static final int RECEIVERS = 4;
    private static final int ROUNDS = 3;
    // Of one sender in one round: 240,000 in all, or ten million.
    private static final int ELEMENTS = Boolean.getBoolean("weir.long") ? 167_000 : 4_000;
    private static final int LARGEST_BATCH = 20;
    private static final Duration TICK = Duration.ofNanos(20_000);

    private final List<Channel<Integer>> channels = new ArrayList<>();
    private final Queue<Integer> undelivered = new ConcurrentLinkedQueue<>();
    private volatile CancellableContext context = Context.background().withCancel();
    private volatile boolean chaos = true;

    @Capacities
    void elements_underInterruptCancelAndClose_areNeitherLostNorDoubled(int capacity) throws Exception {
        System.out.println("ChannelProperties: seed " + SEED + ", capacity " + capacity);
        var random = new SplittableRandom(SEED + capacity);
        for (int round = 0; round < ROUNDS; round++) {
            runRound(capacity, round % 2 == 1, random.split());
        }
    }

    private void runRound(int capacity, boolean closeEarly, SplittableRandom random) throws Exception {
        channels.clear();
        undelivered.clear();
        channels.add(tracked(capacity));
        channels.add(tracked(capacity));
        chaos = true;
        var sent = new ArrayList<Running<List<Integer>>>();
        var received = new ArrayList<Running<List<Integer>>>();
        var attempts = new AtomicInteger();
        for (int i = 0; i < SENDERS; i++) {
            int first = i * ELEMENTS;
            var own = random.split();
            sent.add(Running.call(() -> sendAll(first, own, attempts)));
        }
        for (int i = 0; i < RECEIVERS; i++) {
            var own = random.split();
            received.add(i == 0 ? Running.callOnPlatform(() -> receiveAll(own)) : Running.call(() -> receiveAll(own)));
        }
        var victims = new ArrayList<Thread>();
        sent.forEach(each -> victims.add(each.thread()));
        received.forEach(each -> victims.add(each.thread()));
        var own = random.split();
        var troublemaker = Running.run(() -> makeTrouble(victims, own));
        if (closeEarly) {
            Running.until(() -> attempts.get() >= SENDERS * ELEMENTS / 2);
            channels.get(0).close();
            channels.get(1).closeAndDrain();
        }
        var allSent = results(sent);
        chaos = false;
        troublemaker.result();
        channels.forEach(Channel::closeIfOpen);
        var allReceived = results(received);
        assertCountersAgree(allSent.size(), allReceived.size());
        allReceived.addAll(undelivered);
        allReceived.sort(null);
        assertThat(allReceived.equals(allSent))
                .as("received and undelivered is what was sent: %s of %s", allReceived.size(), allSent.size())
                .isTrue();
        channels.forEach(channel -> assertThat(channel.isIdle()).isTrue());
    }

    private Channel<Integer> tracked(int capacity) {
        return capacity == 0 ? Channel.unbuffered(undelivered::add) : Channel.bounded(capacity, undelivered::add);
    }

    private void assertCountersAgree(int sent, int received) {
        var stats = channels.stream().map(Channel::stats).toList();
        assertThat(stats.stream().mapToLong(ChannelStats::sent).sum()).isEqualTo(sent);
        assertThat(stats.stream().mapToLong(ChannelStats::received).sum()).isEqualTo(received);
        assertThat(stats.stream().mapToLong(ChannelStats::undelivered).sum()).isEqualTo(undelivered.size());
    }

    private static List<Integer> results(List<Running<List<Integer>>> threads) throws Exception {
        var all = new ArrayList<Integer>();
        for (var thread : threads) {
            all.addAll(thread.result());
        }
        all.sort(null);
        return all;
    }

    private void makeTrouble(List<Thread> victims, SplittableRandom random) throws InterruptedException {
        while (chaos) {
            Thread.sleep(0, 50_000);
            if (random.nextInt(3) == 0) {
                context.cancel();
                context = Context.background().withCancel();
            } else {
                victims.get(random.nextInt(victims.size())).interrupt();
            }
        }
    }

    private List<Integer> sendAll(int first, SplittableRandom random, AtomicInteger attempts) {
        var sent = new ArrayList<Integer>();
        int element = first;
        while (element < first + ELEMENTS) {
            int count = random.nextInt(10) == 0
                    ? Math.min(random.nextInt(1, LARGEST_BATCH), first + ELEMENTS - element)
                    : 1;
            attempts.addAndGet(count);
            var batch = IntStream.range(element, element + count).boxed().toList();
            element += count;
            try {
                if (count > 1 ? sendBatch(batch, random) : sendOnce(batch.getFirst(), random)) {
                    sent.addAll(batch);
                }
            } catch (PartialSendException e) {
                sent.addAll(batch.subList(0, e.sent()));
                if (e.getCause() instanceof InterruptedException) {
                    assertThat(Thread.interrupted()).isTrue();
                }
            } catch (InterruptedException | ContextException e) {
                // Not sent, by contract.
            } catch (SendOnClosedException e) {
                break;
            }
        }
        return sent;
    }

    private boolean sendBatch(List<Integer> batch, SplittableRandom random) throws InterruptedException {
        var channel = channels.get(random.nextInt(2));
        if (random.nextBoolean()) {
            channel.sendAll(batch);
        } else {
            channel.sendAll(batch, context);
        }
        return true;
    }

    private boolean sendOnce(int element, SplittableRandom random) throws InterruptedException {
        var channel = channels.get(random.nextInt(2));
        switch (random.nextInt(5)) {
            case 0 -> channel.send(element);
            case 1 -> channel.send(element, context);
            case 2 -> {
                return channel.trySend(element);
            }
            case 3 -> {
                return channel.trySend(element, TICK);
            }
            default -> {
                return select(
                        send(channels.get(0), element, () -> true),
                        send(channels.get(1), element, () -> true),
                        random.nextBoolean() ? timeout(TICK, () -> false) : done(context, () -> false));
            }
        }
        return true;
    }

    private List<Integer> receiveAll(SplittableRandom random) {
        var received = new ArrayList<Integer>();
        var ended = new boolean[2];
        while (!ended[0] || !ended[1]) {
            int index = ended[0] ? 1 : ended[1] ? 0 : random.nextInt(2);
            try {
                receiveOnce(index, received, random);
            } catch (InterruptedException | ContextException e) {
                // Nothing taken, by contract.
            } catch (ReceiveOnClosedException e) {
                ended[index] = true;
            }
        }
        return received;
    }

    private void receiveOnce(int index, List<Integer> into, SplittableRandom random) throws InterruptedException {
        var channel = channels.get(index);
        switch (random.nextInt(8)) {
            case 0 -> into.add(channel.receive());
            case 1 -> into.add(channel.receive(context));
            case 2 -> addIfPresent(channel.tryReceive(), into);
            case 3 -> addIfPresent(channel.tryReceive(TICK), into);
            case 4 -> channel.receiveUpTo(into, random.nextInt(1, LARGEST_BATCH), context);
            case 5 -> receiveIntoFailing(channel, into, random.nextInt(4));
            case 6 ->
                selectFirst(
                        receive(channels.get(1 - index), into::add, () -> false),
                        receive(channel, into::add),
                        timeout(TICK, () -> false));
            default ->
                select(
                        receive(channel, into::add),
                        receive(channels.get(1 - index), into::add, () -> false),
                        random.nextBoolean() ? timeout(TICK, () -> false) : orElse(() -> false));
        }
    }

    private static void receiveIntoFailing(Channel<Integer> channel, List<Integer> into, int most)
            throws InterruptedException {
        var failing = new AbstractCollection<Integer>() {
            private int left = most;

            @Override
            public boolean add(Integer element) {
                if (left-- == 0) {
                    throw new IllegalStateException("no more room");
                }
                return into.add(element);
            }

            @Override
            public Iterator<Integer> iterator() {
                return into.iterator();
            }

            @Override
            public int size() {
                return into.size();
            }
        };
        try {
            channel.receiveUpTo(failing, 6);
        } catch (IllegalStateException e) {
            // The rest is undelivered.
        }
    }

    private static void addIfPresent(@Nullable Integer element, List<Integer> into) {
        if (element != null) {
            into.add(element);
        }
    }
}
