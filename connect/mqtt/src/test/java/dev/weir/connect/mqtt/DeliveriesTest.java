package dev.weir.connect.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.connect.mqtt.Packet.Ack;
import dev.weir.connect.mqtt.Session.Attachment;
import dev.weir.engine.Meters;
import dev.weir.testkit.FakeAccess;
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
        deliveries.offer(new Delivery(publication, 1, false, Delivery.NO_IDS, false), LIMITS);
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
}
