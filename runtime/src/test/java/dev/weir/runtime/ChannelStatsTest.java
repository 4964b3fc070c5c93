package dev.weir.runtime;

import static dev.weir.runtime.ChannelTest.channel;
import static dev.weir.runtime.ChannelTest.full;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a channel counts.
@Timeout(30)
final class ChannelStatsTest {
    private static final Duration WAIT = Duration.ofMillis(3);

    @Capacities
    void stats_ofNewChannel_areZero(int capacity) {
        assertThat(channel(capacity).stats())
                .isEqualTo(new ChannelStats(0, 0, 0, 0, 0, capacity, Duration.ZERO, Duration.ZERO));
    }

    @Capacities
    void stats_afterSendsAndReceives_countBoth(int capacity) throws Exception {
        var channel = full(capacity);
        var sender = Running.run(() -> channel.send(1)).parked();
        assertThat(channel.stats().sent()).isEqualTo(capacity);
        channel.receive();
        sender.result();
        var stats = channel.stats();
        assertThat(stats.sent()).isEqualTo(capacity + 1);
        assertThat(stats.received()).isEqualTo(1);
        assertThat(stats.length()).isEqualTo(capacity);
        assertThat(stats.highWater()).isEqualTo(capacity);
    }

    @Capacities
    void stats_afterHandOff_countIt(int capacity) throws Exception {
        Channel<Integer> channel = channel(capacity);
        var receiver = Running.call(channel::receive).parked();
        channel.send(1);
        receiver.result();
        assertThat(channel.stats().sent()).isEqualTo(1);
        assertThat(channel.stats().received()).isEqualTo(1);
        assertThat(channel.stats().highWater()).isZero();
    }

    @Test
    void highWater_afterTheBufferWasDrained_staysWhereItWas() throws Exception {
        Channel<Integer> channel = Channel.bounded(7);
        channel.sendAll(List.of(1, 2, 3, 4, 5));
        channel.receiveUpTo(new ArrayList<>(), 5);
        channel.send(6);
        assertThat(channel.stats().highWater()).isEqualTo(5);
        assertThat(channel.stats().length()).isEqualTo(1);
    }

    @Capacities
    void stats_underLoad_balanceAtEveryInstant(int capacity) throws Exception {
        Channel<Integer> channel = channel(capacity);
        var senders = new ArrayList<Running<Boolean>>();
        var receivers = new ArrayList<Running<Integer>>();
        for (int i = 0; i < 3; i++) {
            senders.add(Running.run(() -> {
                for (int j = 0; j < 1_000; j++) {
                    channel.sendAll(List.of(j, j, j));
                }
            }));
            receivers.add(Running.call(() -> {
                int count = 0;
                for (var each : channel) {
                    count += each >= 0 ? 1 : 0;
                }
                return count;
            }));
        }
        while (!senders.getFirst().isDone()) {
            var stats = channel.stats();
            assertThat(stats.sent()).isEqualTo(stats.received() + stats.length());
            assertThat(stats.highWater()).isBetween(stats.length(), capacity);
        }
        for (var sender : senders) {
            sender.result();
        }
        channel.close();
        int received = 0;
        for (var receiver : receivers) {
            received += receiver.result();
        }
        assertThat(received).isEqualTo(9_000);
        assertThat(channel.stats().sent()).isEqualTo(9_000);
        assertThat(channel.stats().received()).isEqualTo(9_000);
    }

    @Test
    void blockedTimes_withoutWaits_areZero() throws Exception {
        Channel<Integer> channel = Channel.bounded(2);
        channel.send(1);
        channel.receive();
        assertThat(channel.stats().sendersBlocked()).isZero();
        assertThat(channel.stats().receiversBlocked()).isZero();
    }

    @Test
    void blockedTimes_afterWaits_tellWhichSideWaited() throws Exception {
        var full = full(1);
        Channel<Integer> empty = Channel.bounded(1);
        var sender = Running.run(() -> full.send(1)).parked();
        var receiver = Running.call(empty::receive).parked();
        passes(WAIT);
        full.receive();
        empty.send(1);
        sender.result();
        receiver.result();
        assertThat(full.stats().sendersBlocked()).isGreaterThanOrEqualTo(WAIT);
        assertThat(full.stats().receiversBlocked()).isZero();
        assertThat(empty.stats().receiversBlocked()).isGreaterThanOrEqualTo(WAIT);
        assertThat(empty.stats().sendersBlocked()).isZero();
    }

    @Test
    void blockedTimes_afterSelect_countForEachChannelOnce() throws Exception {
        var full = full(1);
        Channel<Integer> empty = Channel.bounded(1);
        var start = Deadline.in(Duration.ZERO);
        var selecting = Running.run(() -> Select.select(
                        Select.send(full, 1, () -> {}), Select.consume(empty, v -> {}), Select.consume(empty, v -> {})))
                .parked();
        passes(WAIT);
        empty.send(1);
        selecting.result();
        var most = Duration.ofNanos(-start.remainingNanos());
        assertThat(full.stats().sendersBlocked()).isBetween(WAIT, most);
        assertThat(empty.stats().receiversBlocked()).isBetween(WAIT, most);
        assertThat(full.stats().receiversBlocked()).isZero();
    }

    private static void passes(Duration duration) {
        var end = Deadline.in(duration);
        Running.until(() -> end.remainingNanos() < 0);
    }

    @Test
    void blockedTimes_ofUnbufferedChannel_areNotMeasured() throws Exception {
        Channel<Integer> channel = Channel.unbuffered();
        assertThat(channel.tryReceive(Duration.ofMillis(1))).isNull();
        assertThat(channel.stats().receiversBlocked()).isZero();
    }
}
