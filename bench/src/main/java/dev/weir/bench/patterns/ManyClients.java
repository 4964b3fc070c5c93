package dev.weir.bench.patterns;

import dev.weir.runtime.Context;
import dev.weir.runtime.Scheduler;
import dev.weir.runtime.WaitGroup;
import dev.weir.runtime.pattern.Dispatcher;
import dev.weir.runtime.pattern.SlowReceiver;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/// Four senders and 15,000 clients, of which one in a thousand takes a millisecond for a message.
/// Measured are the messages a second until all are handled, and how long a sender is held up.
final class ManyClients {
    private static final int CLIENTS = 15_000;
    private static final int SENDERS = 4;
    private static final int ROOM = 32;

    private ManyClients() {}

    /// What a client does with a message.
    private static void handle(int client, LongAdder handled) {
        if (client % 1_000 == 0) {
            try {
                Thread.sleep(1);
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts this", e);
            }
        }
        handled.increment();
    }

    @FunctionalInterface
    private interface Send {
        void to(int client) throws InterruptedException;
    }

    /// One map behind one lock, under which a client is handed its message: nobody else may take
    /// the client away meanwhile.
    static Map<String, Double> locked(int n) throws InterruptedException {
        var handled = new LongAdder();
        var lock = new ReentrantLock();
        Map<Integer, LongAdder> clients = new HashMap<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.put(i, handled);
        }
        return send(n, handled, client -> {
            lock.lock();
            try {
                handle(client, clients.getOrDefault(client, handled));
            } finally {
                lock.unlock();
            }
        });
    }

    /// A channel and a thread for each client.
    static Map<String, Double> channels(int n) throws InterruptedException {
        var handled = new LongAdder();
        var context = Context.background();
        try (Dispatcher<Integer, Integer> clients = Dispatcher.of(context, "clients", CLIENTS)) {
            for (int i = 0; i < CLIENTS; i++) {
                clients.serve(i, ROOM, SlowReceiver.BLOCK, (_, client) -> handle(client, handled));
            }
            return send(n, handled, client -> clients.dispatch(context, client, client));
        }
    }

    private static Map<String, Double> send(int n, LongAdder handled, Send send) throws InterruptedException {
        int each = n / SENDERS;
        long[] waits = new long[each * SENDERS];
        var senders = WaitGroup.of("senders");
        senders.add(SENDERS);
        long begin = System.nanoTime();
        for (int s = 0; s < SENDERS; s++) {
            int sender = s;
            Scheduler.go("sender", () -> {
                for (int i = 0; i < each; i++) {
                    long before = System.nanoTime();
                    to(send, (i * SENDERS + sender) % CLIENTS);
                    waits[sender * each + i] = System.nanoTime() - before;
                }
                senders.done();
            });
        }
        senders.await();
        while (handled.sum() < waits.length) {
            Thread.sleep(1);
        }
        long took = System.nanoTime() - begin;
        Arrays.sort(waits);
        return Map.of("rate", waits.length * 1e9 / took, "p999", waits[waits.length / 1_000 * 999] / 1e3);
    }

    private static void to(Send send, int client) {
        try {
            send.to(client);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this", e);
        }
    }
}
