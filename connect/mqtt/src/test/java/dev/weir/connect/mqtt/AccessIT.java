package dev.weir.connect.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.Upgrades;
import dev.weir.testkit.FakeAccess;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Who comes in, and what that one may do.
@NullUnmarked
class AccessIT {
    @RegisterExtension
    final Served served = new Served(options -> {}, new FakeAccess("closed"), Upgrades.none());

    AccessIT() throws Exception {}

    @AfterEach
    void forgive() {
        FakeAccess.REVOKED.clear();
    }

    private RawClient client(Version version) throws Exception {
        return new RawClient(served.address(), version);
    }

    private RawClient in(Version version, String user) throws Exception {
        RawClient client = client(version);
        Packet answer = client.login(
                user + "-device", user, new StringBuilder(user).reverse().toString());
        assertThat(((Packet.ConnAck) answer).reason()).isEqualTo(Reason.SUCCESS);
        return client;
    }

    private static Packet.Will will(String topic) {
        return new Packet.Will(topic, new byte[] {1}, 0, false, Properties.NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "V5, ann, wrong, BAD_CREDENTIALS, wrong-password",
        "V3_1_1, ann, wrong, BAD_CREDENTIALS, wrong-password",
        "V5, nobody, x, BAD_CREDENTIALS, unknown-user",
        "V5, , , NOT_AUTHORIZED, anonymous",
        "V3_1_1, , , NOT_AUTHORIZED, anonymous"
    })
    void connect_ofWhomAccessRefuses_isAnsweredAndCounted(
            Version version, String user, String password, Reason reason, String counted) throws Exception {
        try (RawClient client = client(version)) {
            Packet answer = client.login("device", user, password);

            assertThat(((Packet.ConnAck) answer).reason()).isEqualTo(reason);
            assertThat(client.receiveOrEnd()).isNull();
            assertThat(served.count("weir_mqtt_refused " + counted)).isEqualTo(1);
        }
    }

    @Test
    void connect_withPasswordAlone_isAToken() throws Exception {
        try (RawClient client = client(Version.V5)) {
            Packet answer = client.login("device", null, "ann.nna");

            assertThat(((Packet.ConnAck) answer).reason()).isEqualTo(Reason.SUCCESS);
        }
    }

    @ParameterizedTest
    @CsvSource({"secret/x", "$SYS/broker/x"})
    void connect_withWillThatMayNotBePublished_isNotAuthorized(String topic) throws Exception {
        try (RawClient client = client(Version.V5)) {
            Packet answer = client.login("device", "ann", "nna", will(topic));

            assertThat(((Packet.ConnAck) answer).reason()).isEqualTo(Reason.NOT_AUTHORIZED);
        }
    }

    @Test
    void connect_withClientIdOfAnotherUsersSession_isRefusedAndEndsNothing() throws Exception {
        try (RawClient ann = in(Version.V5, "ann");
                RawClient bob = client(Version.V5)) {
            Packet answer = bob.login("ann-device", "bob", "bob");

            assertThat(((Packet.ConnAck) answer).reason()).isEqualTo(Reason.CLIENT_ID_NOT_VALID);
            ann.nothingElse();
        }
    }

    @ParameterizedTest
    @CsvSource({"1, PUBACK", "2, PUBREC"})
    void publish_whereForbidden_isAnsweredAndReachesNobody(int qos, PacketType answer) throws Exception {
        try (RawClient client = in(Version.V5, "ann")) {
            client.publish("secret/x", "no", qos, 7);

            assertThat(client.receive()).isEqualTo(new Packet.Ack(answer, 7, Reason.NOT_AUTHORIZED, Properties.NONE));
            assertThat(served.inlet.rejected).hasValue(1);
            assertThat(served.inlet.count).hasValue(0);
        }
    }

    @Test
    void publish_whereForbiddenIn311_isAcknowledgedAndDropped() throws Exception {
        try (RawClient client = in(Version.V3_1_1, "ann")) {
            client.publish("secret/x", "no", 0, 0).publish("secret/x", "no", 1, 7);

            assertThat(client.receive()).isEqualTo(Packet.Ack.of(PacketType.PUBACK, 7));
            assertThat(served.inlet.rejected).hasValue(2);
            assertThat(served.inlet.count).hasValue(0);
        }
    }

    @Test
    void publish_whereForbiddenBehindAnUnsettledOne_isAnsweredInItsTurn() throws Exception {
        served.inlet.settleAtOnce = false;
        try (RawClient client = in(Version.V5, "ann")) {
            client.publish("a", "slow", 1, 1).publish("secret/x", "no", 1, 2);
            Served.await("both are handled", () -> served.inlet.rejected.get() == 1);

            served.inlet.next().ack().settle(dev.weir.engine.Receipt.ACCEPTED);

            assertThat(((Packet.Ack) client.receive()).packetId()).isEqualTo(1);
            assertThat(((Packet.Ack) client.receive()).packetId()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "V5, secret/x, NOT_AUTHORIZED",
        "V5, hidden/x, UNSPECIFIED",
        "V5, $share/g/secret/x, NOT_AUTHORIZED",
        "V3_1_1, secret/x, UNSPECIFIED",
        "V5, open/x, SUCCESS"
    })
    void subscribe_isAnsweredByTheVerdict(Version version, String filter, Reason reason) throws Exception {
        try (RawClient client = in(version, "ann")) {
            assertThat(client.subscribe(filter, 0).reasons()).isEqualTo(List.of(reason));
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void subscribe_toMoreThanAllowed_deliversTheAllowedPart(Version version) throws Exception {
        served.server.publish("mixed/secret", new byte[] {1}, 0, true, null);
        served.server.publish("mixed/known", new byte[] {2}, 0, true, null);
        try (RawClient client = in(version, "ann")) {
            client.subscribe("mixed/#", 0);
            Packet.Publish retained = client.message();
            served.server.publish("mixed/secret/live", new byte[] {3}, 0, false, null);
            served.server.publish("mixed/live", new byte[] {4}, 0, false, null);

            assertThat(retained.topic()).isEqualTo("mixed/known");
            assertThat(client.message().topic()).isEqualTo("mixed/live");
            client.nothingElse();
        }
    }

    @Test
    void publish_toShareGroup_reachesAMemberThatMayHaveIt() throws Exception {
        try (RawClient one = in(Version.V5, "ann");
                RawClient two = in(Version.V5, "bob")) {
            one.subscribe("$share/g/mixed/#", 0);
            two.subscribe("$share/g/mixed/#", 0);

            assertThat(served.server.publish("mixed/secret", new byte[1], 0, false, null))
                    .isFalse();
            assertThat(served.server.publish("mixed/open", new byte[1], 0, false, null))
                    .isTrue();
        }
    }

    @Test
    void sweep_afterCredentialWasRevoked_endsConnectionSessionAndWill() throws Exception {
        try (RawClient watcher = in(Version.V5, "bob");
                RawClient client = client(Version.V5)) {
            watcher.subscribe("will", 0);
            client.login("device", "ann", "nna", will("will"));
            client.subscribe("a/#", 0);

            FakeAccess.REVOKED.add("ann");

            assertThat(((Packet.Disconnect) client.receive()).reason()).isEqualTo(Reason.NOT_AUTHORIZED);
            assertThat(client.receiveOrEnd()).isNull();
            Served.await("session ends", () -> served.gauge("weir_mqtt_sessions") == 1);
            assertThat(served.server.publish("a/b", new byte[1], 0, false, null))
                    .isFalse();
            watcher.nothingElse();
        }
    }
}
