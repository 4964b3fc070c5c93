package dev.weir.bench.patterns;

import dev.weir.runtime.Channel;
import dev.weir.runtime.Context;
import dev.weir.runtime.ReceiveChannel;
import dev.weir.runtime.Scheduler;
import dev.weir.runtime.WaitGroup;
import dev.weir.runtime.pattern.Channels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A thousand senders whose elements end in one channel: merged from a channel for each, or from
/// a few that they share.
final class Merging {
    private static final int SENDERS = 1_000;
    private static final int ROOM = 64;

    private Merging() {}

    /// @param count of channels, which divides the senders
    static Map<String, Double> of(int count, int n) throws InterruptedException {
        List<Channel<Integer>> channels = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            channels.add(Channel.bounded(ROOM));
        }
        int each = n / SENDERS;
        long begin = System.nanoTime();
        ReceiveChannel<Integer> merged = Channels.merge(Context.background(), channels, ROOM);
        List<WaitGroup> users = new ArrayList<>();
        channels.forEach(channel -> users.add(users(channel, SENDERS / count)));
        for (int s = 0; s < SENDERS; s++) {
            int at = s % count;
            Scheduler.go("sender", () -> {
                sendAll(channels.get(at), each);
                users.get(at).done();
            });
        }
        long sum = 0;
        List<Integer> batch = new ArrayList<>(ROOM);
        while (merged.receiveUpTo(batch, ROOM) > 0) {
            for (Integer element : batch) {
                sum += element;
            }
            batch.clear();
        }
        long took = System.nanoTime() - begin;
        if (sum != (long) each * SENDERS) {
            throw new IllegalStateException(each * SENDERS + " elements must come, but were " + sum);
        }
        return Shape.rate(each * SENDERS, took);
    }

    /// Closes a channel when all its senders are done.
    private static WaitGroup users(Channel<Integer> channel, int senders) {
        var group = WaitGroup.of("senders");
        group.add(senders);
        Scheduler.go("closer", () -> {
            try {
                group.await();
                channel.close();
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts this", e);
            }
        });
        return group;
    }

    private static void sendAll(Channel<Integer> channel, int n) {
        try {
            for (int i = 0; i < n; i++) {
                channel.send(1);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this", e);
        }
    }
}
