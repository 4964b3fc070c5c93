package dev.weir.connect.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.access.Access;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Clients that come in by the node's HTTP port.
@NullUnmarked
class WebSocketIT {
    private final FakeUpgrades http = new FakeUpgrades();

    @RegisterExtension
    final Served served = new Served(
            options -> options.listenWeb("/mqtt", List.of("https://ui.example"), limits -> limits.maxConnections = 2),
            Access.open(),
            http);

    WebSocketIT() throws Exception {}

    @Normative(v3 = "6.0.0-4", v5 = "6.0.0-4")
    @Test
    void open_withWebSocket_mountsItsPathWithItsTerms() {
        assertThat(http.path).isEqualTo("/mqtt");
        assertThat(http.terms.protocols()).containsExactly("mqtt", "mqttv3.1");
        assertThat(http.terms.origins()).containsExactly("https://ui.example");
        assertThat(http.terms.connections()).isEqualTo(2);
    }

    @Test
    void publish_overWebSocket_reachesInletAndSubscribersOnTcp() throws Exception {
        try (RawClient page = RawClient.connected(http.address(), Version.V5, "page");
                RawClient device = RawClient.connected(served.address(), Version.V5, "device")) {
            device.subscribe("a", 0);
            page.publish("a", "x", 1, 1);

            assertThat(((Packet.Ack) page.receive()).reason()).isEqualTo(Reason.SUCCESS);
            assertThat(served.inlet.next().text()).isEqualTo("x");
            assertThat(RawClient.text(device.message())).isEqualTo("x");
        }
    }

    @Normative(v3 = "6.0.0-2", v5 = "6.0.0-2")
    @Test
    void connect_inPiecesBesideTheNextPacket_isUnderstood() throws Exception {
        try (RawClient page = new RawClient(http.address(), Version.V5)) {
            page.sendHex("10 10 00 04 4d 51")
                    .sendHex("54 54 05 02 00 3c 00 00 03 6f 6e 65 c0")
                    .sendHex("00");

            assertThat(page.receive()).isInstanceOf(Packet.ConnAck.class);
            assertThat(page.receive()).isInstanceOf(Packet.PingResp.class);
        }
    }

    @Test
    void connect_ofAClientThatIsConnectedByTcp_takesItsSessionOver() throws Exception {
        try (RawClient device = RawClient.connected(served.address(), Version.V5, "same");
                RawClient page = RawClient.connected(http.address(), Version.V5, "same")) {
            assertThat(((Packet.Disconnect) device.receive()).reason()).isEqualTo(Reason.SESSION_TAKEN_OVER);
            page.nothingElse();
        }
    }

    @Test
    void connect_beyondTheListenersLimit_isClosedWhileOthersAreLetIn() throws Exception {
        try (RawClient one = RawClient.connected(http.address(), Version.V5, "one");
                RawClient two = RawClient.connected(http.address(), Version.V5, "two");
                RawClient three = new RawClient(http.address(), Version.V5);
                RawClient tcp = RawClient.connected(served.address(), Version.V5, "tcp")) {
            assertThat(three.receiveOrEnd()).isNull();
            one.nothingElse();
            two.nothingElse();
            tcp.nothingElse();
        }
    }

    @Test
    void close_endsWebSocketsToo() throws Exception {
        try (RawClient page = RawClient.connected(http.address(), Version.V5, "page")) {
            served.server.close();

            assertThat(((Packet.Disconnect) page.receive()).reason()).isEqualTo(Reason.SERVER_SHUTTING_DOWN);
            Served.await("nobody serves", http.serving::isEmpty);
        }
    }
}
