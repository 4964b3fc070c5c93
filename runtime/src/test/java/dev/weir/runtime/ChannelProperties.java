package dev.weir.runtime;

import static dev.weir.runtime.ChannelTest.channel;
import static dev.weir.runtime.Select.done;
import static dev.weir.runtime.Select.orElse;
import static dev.weir.runtime.Select.receive;
import static dev.weir.runtime.Select.select;
import static dev.weir.runtime.Select.send;
import static dev.weir.runtime.Select.timeout;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;

/// Threads that send and receive in every way there is, while others interrupt, cancel and close at random: what was
/// reported as sent must be received exactly once, and what was reported as failed never.
///
/// The seed is printed; `-Dseed=N` repeats it (the choices, not the interleaving).
@Timeout(60)
final class ChannelProperties {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final int SENDERS = 4;
    private static final int RECEIVERS = 4;
    private static final int ROUNDS = 3;
    private static final int ELEMENTS = 4_000;
    private static final Duration TICK = Duration.ofNanos(20_000);

    private final List<Channel<Integer>> channels = new ArrayList<>();
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
        channels.add(channel(capacity));
        channels.add(channel(capacity));
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
            channels.forEach(Channel::close);
        }
        var allSent = results(sent);
        chaos = false;
        troublemaker.result();
        channels.forEach(Channel::closeIfOpen);
        assertThat(results(received)).isEqualTo(allSent);
        channels.forEach(channel -> assertThat(channel.isIdle()).isTrue());
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
        for (int element = first; element < first + ELEMENTS; element++) {
            attempts.incrementAndGet();
            try {
                if (sendOnce(element, random)) {
                    sent.add(element);
                }
            } catch (InterruptedException | ContextException e) {
                // Not sent, by contract.
            } catch (SendOnClosedException e) {
                break;
            }
        }
        return sent;
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
        switch (random.nextInt(6)) {
            case 0 -> into.add(channel.receive());
            case 1 -> into.add(channel.receive(context));
            case 2 -> addIfPresent(channel.tryReceive(), into);
            case 3 -> addIfPresent(channel.tryReceive(TICK), into);
            case 4 -> channel.receiveUpTo(into, 3, context);
            default ->
                select(
                        receive(channel, into::add),
                        receive(channels.get(1 - index), into::add, () -> false),
                        random.nextBoolean() ? timeout(TICK, () -> false) : orElse(() -> false));
        }
    }

    private static void addIfPresent(@Nullable Integer element, List<Integer> into) {
        if (element != null) {
            into.add(element);
        }
    }
}
