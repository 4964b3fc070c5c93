package dev.weir.connect.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.connect.mqtt.Packet.Ack;
import dev.weir.connect.mqtt.RetainedStore.Slot;
import dev.weir.connect.mqtt.Session.Attachment;
import dev.weir.engine.Meters;
import dev.weir.testkit.FakeAccess;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@NullUnmarked
class DeliveriesTest {
    private static final Limits LIMITS = new Limits(new Limits.Builder());
    private static final int ROOM = 10_000;

    private final Budget budget = new Budget(ROOM);
    private final Deliveries deliveries = new Deliveries(10, new MqttMeters(Meters.none(), "test"), budget);
    private final Encoder out = new Encoder(100);

    private static Attachment writer(int maxPacketBytes) {
        return new Attachment(
                null, null, Version.V5, 10, maxPacketBytes, LIMITS, new FakeAccess("somebody"), new TopicAliases(0));
    }

    @BeforeEach
    void send() {
        Publication publication =
                new Publication("a", new byte[100], 1, false, Properties.NONE, Publication.NEVER, null);
        deliveries.offer(Delivery.of(publication, 1, false, Delivery.NO_IDS), LIMITS);
        deliveries.fill(out, ROOM, writer(ROOM), 0);
        assertThat(out.size()).isPositive();
        out.clear();
    }

    @Test
    void fill_afterAnotherConnection_sendsAgain() {
        deliveries.beginAgain();
        deliveries.fill(out, ROOM, writer(ROOM), 0);
        assertThat(out.size()).isPositive();
        assertThat(budget.used()).isPositive();
    }

    @Test
    void fill_ofOneThatIsAcknowledgedMeanwhile_doesNotSendItAgain() {
        deliveries.beginAgain();
        assertThat(deliveries.acknowledged(Ack.of(PacketType.PUBACK, 1))).isTrue();
        deliveries.fill(out, ROOM, writer(ROOM), 0);
        assertThat(out.size()).isZero();
    }

    @Test
    void fill_ofOneThatIsAcknowledgedMeanwhileAndTooLargeNow_releasesItOnce() {
        deliveries.beginAgain();
        assertThat(deliveries.acknowledged(Ack.of(PacketType.PUBACK, 1))).isTrue();
        deliveries.fill(out, ROOM, writer(10), 0);
        assertThat(budget.used()).isZero();
    }

    private static Session session(String id) {
        return new Session(id, writer(ROOM), 10, new MqttMeters(Meters.none(), "test"), new Budget(ROOM));
    }

    private static Publication retained(String payload) {
        return new Publication(
                "r",
                payload.getBytes(StandardCharsets.UTF_8),
                0,
                true,
                Properties.NONE,
                Publication.NEVER,
                session("one"));
    }

    private Slot keep(RetainedStore store, String payload) {
        store.keep(retained(payload), 0);
        List<Slot> found = new ArrayList<>();
        store.match("r", 0, found::add);
        return found.getFirst();
    }

    private String sent() {
        out.clear();
        deliveries.fill(out, ROOM, writer(ROOM), 0);
        return new String(out.array(), 0, out.size(), StandardCharsets.UTF_8);
    }

    @Test
    void fill_ofAStoredOneThatWasReplaced_sendsTheOneThatIsStoredNow() {
        RetainedStore store = new RetainedStore(10, ROOM);
        long before = budget.used();
        assertThat(deliveries.offer(Delivery.stored(keep(store, "old"), 0, null, Delivery.NO_IDS), LIMITS))
                .isTrue();
        assertThat(budget.used()).isEqualTo(before + Delivery.OVERHEAD);
        keep(store, "new");
        assertThat(sent()).contains("new").doesNotContain("old");
        assertThat(budget.used()).isEqualTo(before);
    }

    @Test
    void fill_ofAStoredOneThatIsGoneOrTheClientsOwn_sendsNothing() {
        RetainedStore store = new RetainedStore(10, ROOM);
        long before = budget.used();
        deliveries.offer(Delivery.stored(keep(store, "old"), 0, "one", Delivery.NO_IDS), LIMITS);
        assertThat(sent()).isEmpty();
        deliveries.offer(Delivery.stored(keep(store, "old"), 0, null, Delivery.NO_IDS), LIMITS);
        store.keep(retained(""), 0);
        assertThat(sent()).isEmpty();
        assertThat(budget.used()).isEqualTo(before);
        assertThat(deliveries.queued()).isZero();
    }

    @Test
    void offer_ofStoredOnesBeyondTheBudget_isRefused() {
        RetainedStore store = new RetainedStore(10, ROOM);
        Slot slot = keep(store, "x");
        int taken = 0;
        Deliveries many = new Deliveries(10_000, new MqttMeters(Meters.none(), "test"), budget);
        while (many.offer(Delivery.stored(slot, 0, null, Delivery.NO_IDS), LIMITS)) {
            taken++;
        }
        assertThat(taken).isBetween(ROOM / Delivery.OVERHEAD - 10, ROOM / Delivery.OVERHEAD);
        many.discard();
        assertThat(many.offer(Delivery.stored(slot, 0, null, Delivery.NO_IDS), LIMITS))
                .isTrue();
    }

    @Test
    void offer_ofOneThatFitsNowhere_leavesTheOthers() {
        Publication small = new Publication("a", new byte[10], 1, false, Properties.NONE, Publication.NEVER, null);
        Publication large =
                new Publication("a", new byte[2 * ROOM], 1, false, Properties.NONE, Publication.NEVER, null);
        assertThat(deliveries.offer(Delivery.of(small, 1, false, Delivery.NO_IDS), LIMITS))
                .isTrue();
        assertThat(deliveries.offer(Delivery.of(large, 1, false, Delivery.NO_IDS), LIMITS))
                .isFalse();
        assertThat(deliveries.queued()).isOne();
    }
}
