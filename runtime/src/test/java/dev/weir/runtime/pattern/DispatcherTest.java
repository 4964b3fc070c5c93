package dev.weir.runtime.pattern;

import static dev.weir.runtime.Running.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.runtime.Context;
import dev.weir.runtime.DeadlineExceededException;
import dev.weir.runtime.WaitGroup;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class DispatcherTest {
    private static final int CLIENTS = 15_000;

    private final Context context = Context.background();

    @Test
    void dispatch_to15000ClientsOfWhichAThirdIsStuck_reachesTheOthers() throws Exception {
        var open = new CountDownLatch(1);
        var handled = new AtomicInteger();
        int stuck = CLIENTS / 3;
        try (var dispatcher = Dispatcher.<Integer, Integer>of(context, "clients", CLIENTS)) {
            for (int client = 0; client < CLIENTS; client++) {
                boolean slow = client < stuck;
                dispatcher.serve(client, 2, slow ? SlowReceiver.DROP_OLDEST : SlowReceiver.BLOCK, (_, _) -> {
                    if (slow) {
                        open.await();
                    }
                    handled.incrementAndGet();
                });
            }
            for (int round = 0; round < 5; round++) {
                for (int client = 0; client < CLIENTS; client++) {
                    dispatcher.dispatch(context, client, round);
                }
            }
            until(() -> handled.get() == 5 * (CLIENTS - stuck));
            // each of the stuck has one in hand at most and two in its channel
            assertThat(dispatcher.stats().dropped()).isBetween(2L * stuck, 3L * stuck);
            assertThat(dispatcher.stats().clients()).isEqualTo(CLIENTS);
            open.countDown();
        }
    }

    @Test
    void clients_thatComeAndGoDuringDispatch_disturbNobody() throws Exception {
        var received = new AtomicInteger();
        try (var dispatcher = Dispatcher.<Integer, Integer>of(context, "clients", 8)) {
            dispatcher.serve(0, 4, SlowReceiver.BLOCK, (_, _) -> received.incrementAndGet());
            var others = WaitGroup.of("others");
            for (int i = 1; i <= 4; i++) {
                int client = i;
                others.go(() -> {
                    for (int round = 0; round < 500; round++) {
                        dispatcher.serve(client, 1, SlowReceiver.DISCONNECT, (_, _) -> {});
                        dispatcher.remove(client);
                    }
                });
            }
            for (int i = 0; i < 2000; i++) {
                dispatcher.dispatch(context, 1 + i % 4, i);
                dispatcher.dispatch(context, 0, i);
            }
            others.await();
            until(() -> received.get() == 2000);
            assertThat(dispatcher.stats().clients()).isEqualTo(1);
        }
    }

    @Test
    void dispatch_toSlowClients_doesWhatTheirPoliciesSay() throws Exception {
        try (var dispatcher = Dispatcher.<String, Integer>of(context, "clients", 8)) {
            var oldest = dispatcher.add("oldest", 1, SlowReceiver.DROP_OLDEST);
            var newest = dispatcher.add("newest", 1, SlowReceiver.DROP_NEWEST);
            var thrown = dispatcher.add("thrown-out", 1, SlowReceiver.DISCONNECT);
            dispatcher.add("waits", 1, SlowReceiver.BLOCK);
            for (var client : new String[] {"oldest", "newest", "thrown-out", "waits"}) {
                assertThat(dispatcher.dispatch(context, client, 1)).isEqualTo(Delivery.TAKEN);
            }
            assertThat(dispatcher.dispatch(context, "oldest", 2)).isEqualTo(Delivery.DROPPED);
            assertThat(dispatcher.dispatch(context, "newest", 2)).isEqualTo(Delivery.DROPPED);
            assertThat(dispatcher.dispatch(context, "thrown-out", 2)).isEqualTo(Delivery.GONE);
            try (var soon = context.withTimeout(Duration.ofMillis(5))) {
                assertThatThrownBy(() -> dispatcher.dispatch(soon, "waits", 2))
                        .isInstanceOf(DeadlineExceededException.class);
            }
            assertThat(oldest.channel().receive()).isEqualTo(2);
            assertThat(newest.channel().receive()).isEqualTo(1);
            assertThat(thrown.channel()).containsExactly(1);
            assertThat(thrown.isDisconnected()).isTrue();
            assertThat(dispatcher.stats()).isEqualTo(new Dispatcher.Stats(3, 6, 2, 1));
        }
    }

    @Test
    void handler_thatThrows_removesItsClientOnly() throws Exception {
        try (var dispatcher = Dispatcher.<String, Integer>of(context, "clients", 8)) {
            var handled = new AtomicInteger();
            dispatcher.serve("good", 8, SlowReceiver.BLOCK, (_, _) -> handled.incrementAndGet());
            dispatcher.serve("bad", 8, SlowReceiver.BLOCK, (_, element) -> {
                throw new IllegalStateException("element " + element);
            });
            dispatcher.dispatch(context, "bad", 1);
            var failed = dispatcher.errors().failures().receive();
            assertThat(failed.subject()).isEqualTo("bad");
            assertThat(failed.worker()).isEqualTo("clients-bad");
            until(() -> dispatcher.stats().clients() == 1);
            dispatcher.dispatch(context, "good", 1);
            until(() -> handled.get() == 1);
            assertThat(dispatcher.dispatch(context, "bad", 2)).isEqualTo(Delivery.GONE);
        }
    }

    @Test
    void add_beyondTheBound_twiceOrAfterTheEnd_isRefused() {
        var dispatcher = Dispatcher.<String, Integer>of(context, "clients", 2);
        dispatcher.add("a", 1, SlowReceiver.BLOCK);
        assertThatThrownBy(() -> dispatcher.add("a", 1, SlowReceiver.BLOCK))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("has a client \"a\" already");
        var b = dispatcher.add("b", 1, SlowReceiver.BLOCK);
        assertThatThrownBy(() -> dispatcher.add("c", 1, SlowReceiver.BLOCK))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("its 2 clients and does not take \"c\"");
        b.close();
        dispatcher.add("c", 1, SlowReceiver.BLOCK);
        dispatcher.close();
        assertThatThrownBy(() -> dispatcher.add("d", 1, SlowReceiver.BLOCK)).hasMessageContaining("has ended");
        assertThat(dispatcher.stats().clients()).isZero();
    }

    @Test
    void parent_thatIsCancelled_endsTheChannels() throws Exception {
        try (var parent = context.withCancel()) {
            var dispatcher = Dispatcher.<String, Integer>of(parent, "clients", 2);
            var client = dispatcher.add("a", 1, SlowReceiver.BLOCK);
            parent.cancel();
            assertThat(client.channel()).isEmpty();
        }
    }
}
