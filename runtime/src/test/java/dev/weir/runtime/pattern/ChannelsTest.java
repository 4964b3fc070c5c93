package dev.weir.runtime.pattern;

import static dev.weir.runtime.Running.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.runtime.Channel;
import dev.weir.runtime.Context;
import dev.weir.runtime.Gather;
import dev.weir.runtime.ReceiveChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class ChannelsTest {
    private final Context context = Context.background();

    private static Channel<Integer> numbers(int from, int to) throws InterruptedException {
        Channel<Integer> channel = Channel.bounded(Math.max(1, to - from));
        channel.sendAll(IntStream.range(from, to).boxed().toList());
        channel.close();
        return channel;
    }

    private List<List<Integer>> allOf(List<ReceiveChannel<Integer>> channels) throws InterruptedException {
        try (var gather = Gather.<List<Integer>>of(context, "receivers")) {
            for (var channel : channels) {
                gather.go(() -> {
                    var received = new ArrayList<Integer>();
                    channel.forEach(received::add);
                    return received;
                });
            }
            return gather.awaitValues();
        }
    }

    @Test
    void fanOut_inTurn_dealsOutEvenly() throws Exception {
        assertThat(allOf(Channels.fanOut(context, numbers(0, 7), 3, 4)))
                .containsExactly(List.of(0, 3, 6), List.of(1, 4), List.of(2, 5));
    }

    @Test
    void fanOut_byKey_keepsTheOrderOfEachKey() throws Exception {
        var parts = allOf(Channels.fanOut(context, numbers(0, 1000), 3, 4, number -> number % 10));
        assertThat(parts).allSatisfy(part -> assertThat(part).isSorted().isNotEmpty());
        assertThat(parts.stream().mapToInt(List::size).sum()).isEqualTo(1000);
        assertThat(parts.stream()
                        .mapToLong(part -> part.stream()
                                .map(number -> number % 10)
                                .distinct()
                                .count())
                        .sum())
                .isEqualTo(10);
    }

    @Test
    void merge_ofSeveral_hasEveryElementInTheOrderOfItsSource() throws Exception {
        var merged = new ArrayList<Integer>();
        Channels.<Integer>merge(context, List.of(numbers(0, 500), numbers(500, 1000)), 4)
                .forEach(merged::add);
        assertThat(merged).hasSize(1000);
        assertThat(merged.stream().filter(number -> number < 500)).isSorted();
        assertThat(merged.stream().filter(number -> number >= 500)).isSorted();
    }

    @Test
    void merge_ofNothing_endsAtOnce() {
        assertThat(Channels.<Integer>merge(context, List.of(), 4)).isEmpty();
    }

    @Test
    void tee_givesBothEverything() throws Exception {
        var tee = Channels.<Integer>tee(context, numbers(0, 1000), 4);
        var both = allOf(List.of(tee.first(), tee.second()));
        assertThat(both.getFirst()).isEqualTo(both.getLast()).hasSize(1000).isSorted();
    }

    @Test
    void all_whenTheContextEnds_closeWhatTheyMade() throws Exception {
        try (var parent = context.withCancel()) {
            Channel<Integer> endless = Channel.bounded(1);
            var made = new ArrayList<ReceiveChannel<Integer>>();
            made.addAll(Channels.fanOut(parent, endless, 2, 1));
            made.add(Channels.tee(parent, endless, 1).first());
            made.add(Channels.merge(parent, List.of(endless, endless), 1));
            var broadcast = Broadcast.<Integer>of(parent, "broadcast", endless, 1);
            made.add(broadcast.subscribe("one", 1, SlowReceiver.BLOCK).channel());
            parent.cancel();
            assertThat(allOf(made)).allMatch(List::isEmpty);
        }
    }

    @Test
    void fanOut_toNobody_isRefused() {
        assertThatThrownBy(() -> Channels.fanOut(context, Channel.<Integer>never(), 0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 1 output, but was 0");
    }

    @Test
    void broadcast_toSubscribersWithPolicies_dropsForEachByItself() throws Exception {
        Channel<Integer> source = Channel.bounded(1);
        try (var broadcast = Broadcast.<Integer>of(context, "numbers", source, 4)) {
            var all = broadcast.subscribe("all", 8, SlowReceiver.BLOCK);
            var latest = broadcast.subscribe("latest", 2, SlowReceiver.DROP_OLDEST);
            var first = broadcast.subscribe("first", 2, SlowReceiver.DROP_NEWEST);
            var quick = broadcast.subscribe("quick", 2, SlowReceiver.DISCONNECT);
            source.sendAll(List.of(0, 1, 2, 3, 4));
            source.close();
            assertThat(all.channel()).containsExactly(0, 1, 2, 3, 4);
            assertThat(latest.channel()).containsExactly(3, 4);
            assertThat(first.channel()).containsExactly(0, 1);
            assertThat(quick.channel()).containsExactly(0, 1);
            assertThat(List.of(all.dropped(), latest.dropped(), first.dropped()))
                    .containsExactly(0L, 3L, 3L);
            assertThat(quick.isDisconnected()).isTrue();
        }
    }

    @Test
    void broadcast_whoseBlockingSubscriberLeaves_goesOn() throws Exception {
        Channel<Integer> source = Channel.bounded(1);
        try (var broadcast = Broadcast.<Integer>of(context, "numbers", source, 4)) {
            var stuck = broadcast.subscribe("stuck", 1, SlowReceiver.BLOCK);
            var other = broadcast.subscribe("other", 8, SlowReceiver.BLOCK);
            source.sendAll(List.of(0, 1));
            assertThat(other.channel().receive()).isZero();
            stuck.close();
            assertThat(other.channel().receive()).isEqualTo(1);
            until(() -> broadcast.subscribers() == 1);
        }
    }

    @Test
    void subscribe_beyondTheBoundOrAfterTheEnd_isRefused() throws Exception {
        Channel<Integer> source = Channel.bounded(1);
        var broadcast = Broadcast.<Integer>of(context, "numbers", source, 1);
        var only = broadcast.subscribe("only", 1, SlowReceiver.BLOCK);
        assertThatThrownBy(() -> broadcast.subscribe("two", 1, SlowReceiver.BLOCK))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("its 1 subscribers and does not take two");
        only.close();
        var next = broadcast.subscribe("next", 1, SlowReceiver.BLOCK);
        source.close();
        assertThat(next.channel()).isEmpty();
        assertThatThrownBy(() -> broadcast.subscribe("late", 1, SlowReceiver.BLOCK))
                .hasMessageContaining("has ended");
    }
}
