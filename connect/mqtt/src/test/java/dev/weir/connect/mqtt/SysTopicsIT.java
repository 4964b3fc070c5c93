package dev.weir.connect.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What the server tells about itself, and topic aliases and hop counts on the way to clients.
@NullUnmarked
class SysTopicsIT {
    @RegisterExtension
    final Served served = Served.withDefaults();

    SysTopicsIT() throws Exception {}

    private Map<String, String> told(RawClient client, String filter, int number) throws Exception {
        client.subscribe(filter, 0);
        Map<String, String> told = new HashMap<>();
        for (int i = 0; i < number; i++) {
            Packet.Publish message = client.message();
            told.put(message.topic(), RawClient.text(message));
        }
        return told;
    }

    @Test
    void subscribe_toSys_getsTheFiguresAtOnceAsRetained() throws Exception {
        try (RawClient client = RawClient.connected(served.address(), Version.V5, "one")) {
            Map<String, String> told = told(client, "$SYS/broker/clients/#", 4);

            assertThat(told)
                    .containsKeys("$SYS/broker/clients/connected", "$SYS/broker/clients/maximum")
                    .containsEntry("$SYS/broker/clients/total", "0");
            assertThat(served.gauge("weir_mqtt_retained_messages")).isZero();
        }
    }

    @Test
    void sweep_afterTheInterval_tellsWhatChanged() throws Exception {
        try (RawClient client = RawClient.connected(served.address(), Version.V5, "one")) {
            told(client, "$SYS/broker/clients/connected", 1);

            served.skippedNanos.addAndGet(Duration.ofSeconds(10).toNanos());

            Packet.Publish news = client.message();
            assertThat(RawClient.text(news)).isEqualTo("1");
            assertThat(news.retain()).isFalse();
        }
    }

    @Test
    void subscribe_toEverything_getsNothingOfSys() throws Exception {
        try (RawClient client = RawClient.connected(served.address(), Version.V5, "one")) {
            client.subscribe("#", 0);
            served.skippedNanos.addAndGet(Duration.ofSeconds(10).toNanos());

            served.server.publish("x", new byte[0], 0, false, null);

            assertThat(client.message().topic()).isEqualTo("x");
            client.nothingElse();
        }
    }

    private RawClient withAliases(int maximum, int packet) throws Exception {
        RawClient client = new RawClient(served.address(), Version.V5);
        Properties.Builder asked = Properties.builder().number(Property.TOPIC_ALIAS_MAXIMUM, maximum);
        client.connect(
                "aliases",
                true,
                asked.number(Property.MAXIMUM_PACKET_SIZE, packet).build());
        return client;
    }

    private static String seen(Packet.Publish message) {
        return message.topic() + ":" + message.properties().number(Property.TOPIC_ALIAS, 0);
    }

    private void publish(String topic, int length) throws Exception {
        served.server.publish(topic, new byte[length], 0, false, null);
    }

    @Normative(v5 = "3.1.2-26")
    @Test
    void deliver_toClientThatAllowsAliases_usesThemForTheFirstTopics() throws Exception {
        try (RawClient client = withAliases(1, 1000)) {
            client.subscribe("#", 0);
            publish("topic/a", 1);
            publish("topic/b", 1);
            publish("topic/a", 1);
            publish("topic/b", 1);

            assertThat(seen(client.message())).isEqualTo("topic/a:1");
            assertThat(seen(client.message())).isEqualTo("topic/b:0");
            assertThat(seen(client.message())).isEqualTo(":1");
            assertThat(seen(client.message())).isEqualTo("topic/b:0");
        }
    }

    @Test
    void deliver_ofDefiningPacketThatIsTooLarge_definesNothing() throws Exception {
        try (RawClient client = withAliases(5, 40)) {
            client.subscribe("#", 0);
            publish("topic/a", 100);
            publish("topic/a", 28); // fits without an alias only
            publish("topic/a", 1);
            publish("topic/a", 28);

            assertThat(seen(client.message())).isEqualTo("topic/a:0");
            assertThat(seen(client.message())).isEqualTo("topic/a:1");
            assertThat(seen(client.message())).isEqualTo(":1");
            assertThat(served.count("weir_mqtt_dropped too-large")).isEqualTo(1);
        }
    }

    @Test
    void publish_withHops_tellsTheInletAndForwardsThem() throws Exception {
        Properties hops = Properties.builder()
                .pair("a", "1")
                .pair(Hops.NAME, "3")
                .pair("a", "0")
                .build();
        try (RawClient subscriber = RawClient.connected(served.address(), Version.V5, "subscriber");
                RawClient client = RawClient.connected(served.address(), Version.V5, "one")) {
            subscriber.subscribe("t", 0);
            client.send(RawClient.publishing(false, "t", "x", 0, 0, false, hops));

            assertThat(subscriber.message().properties()).isEqualTo(hops);
            assertThat(served.inlet.next().hops()).isEqualTo(3);
        }
    }

    @Test
    void message_withTraceparent_isHandedOverWithIt() throws Exception {
        String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        try (RawClient client = RawClient.connected(served.address(), Version.V5, "one")) {
            Properties traced = Properties.builder().pair(Hops.TRACE, trace).build();
            client.send(RawClient.publishing(false, "t", "x", 0, 0, false, traced));
            assertThat(served.inlet.next().traceparent()).isEqualTo(trace);

            Properties endless =
                    Properties.builder().pair(Hops.TRACE, "0".repeat(100)).build();
            client.send(RawClient.publishing(false, "t", "y", 0, 0, false, endless));
            assertThat(served.inlet.next().traceparent()).isEqualTo("null");
        }
    }

    @Test
    void of_malformedHops_isZero() {
        for (String text : new String[] {"", "-1", "x", "99999", "１"}) {
            assertThat(Hops.of(Properties.builder().pair(Hops.NAME, text).build()))
                    .as(text)
                    .isZero();
        }
    }
}
