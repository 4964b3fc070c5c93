package dev.weir.connect.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Chapter 3.1.2.5 and its neighbours: the message that a client leaves for its end.
@NullUnmarked
class ConformanceWillIT {
    @RegisterExtension
    final Served served = Served.withDefaults();

    private RawClient watcher;

    ConformanceWillIT() throws Exception {}

    @BeforeEach
    void watch() throws Exception {
        watcher = RawClient.connected(served.address(), Version.V5, "watcher");
        watcher.subscribe("wills/#", 2);
    }

    private RawClient mortal(Version version, int qos, boolean retain, Properties of, Properties will)
            throws Exception {
        RawClient client = new RawClient(served.address(), version);
        byte[] payload = "gone".getBytes(StandardCharsets.UTF_8);
        client.connect("mortal", true, 10, new Packet.Will("wills/mortal", payload, qos, retain, will), of);
        return client;
    }

    private RawClient mortal(Version version) throws Exception {
        return mortal(version, 0, false, Properties.NONE, Properties.NONE);
    }

    private void awaitGone() throws Exception {
        Served.await("only the watcher is left", () -> served.server.connections() == 1);
    }

    @Normative(
            v3 = {"3.1.2-8", "3.1.2-9", "3.1.2-10", "3.1.2-14", "3.1.2-16", "3.1.2-17"},
            v5 = {"3.1.2-7", "3.1.2-8", "3.1.2-9", "3.1.2-10", "3.1.2-12", "3.1.2-14", "3.1.2-15"})
    @ParameterizedTest
    @CsvSource({"V3_1_1,0,false", "V3_1_1,1,true", "V3_1_1,2,false", "V5,0,true", "V5,1,false", "V5,2,true"})
    void lose_ofClient_publishesItsWillOnceAsItSaid(Version version, int qos, boolean retain) throws Exception {
        mortal(version, qos, retain, Properties.NONE, Properties.NONE).close();

        Packet.Publish will = watcher.message();
        assertThat(will.topic()).isEqualTo("wills/mortal");
        assertThat(RawClient.text(will)).isEqualTo("gone");
        assertThat(will.qos()).isEqualTo(qos);
        watcher.nothingElse();
        awaitGone();
        assertThat(served.gauge("weir_mqtt_retained_messages")).isEqualTo(retain ? 1 : 0);
        assertThat(served.inlet.count).hasValue(1);
    }

    @Normative(v3 = "3.1.2-8", v5 = "3.1.2-8")
    @ParameterizedTest
    @EnumSource(Version.class)
    void violate_byClientWithWill_publishesIt(Version version) throws Exception {
        try (RawClient client = mortal(version)) {
            client.sendHex("00 00");

            assertThat(RawClient.text(watcher.message())).isEqualTo("gone");
        }
    }

    @Normative(
            v3 = {"3.1.2-8", "3.1.2-24"},
            v5 = {"3.1.2-8", "3.1.2-22"})
    @ParameterizedTest
    @EnumSource(Version.class)
    void check_ofSilentClientWithWill_publishesIt(Version version) throws Exception {
        try (RawClient client = mortal(version)) {
            served.skippedNanos.addAndGet(TimeUnit.SECONDS.toNanos(16));

            client.expectEnd(Reason.KEEP_ALIVE_TIMEOUT);
            assertThat(RawClient.text(watcher.message())).isEqualTo("gone");
        }
    }

    @Normative(v3 = "3.1.2-8", v5 = "3.1.2-8")
    @ParameterizedTest
    @EnumSource(Version.class)
    void takeOver_ofClientWithWill_publishesIt(Version version) throws Exception {
        try (RawClient client = mortal(version);
                RawClient next = RawClient.connected(served.address(), version, "mortal")) {
            assertThat(RawClient.text(watcher.message())).isEqualTo("gone");
            next.nothingElse();
            client.expectEnd(Reason.SESSION_TAKEN_OVER);
        }
    }

    @Normative(
            v3 = {"3.1.2-10", "3.14.4-3"},
            v5 = {"3.1.2-10", "3.14.4-3"})
    @ParameterizedTest
    @EnumSource(Version.class)
    void disconnect_ofClientWithWill_discardsIt(Version version) throws Exception {
        try (RawClient client = mortal(version)) {
            client.leave();
        }
        awaitGone();
        watcher.nothingElse();
    }

    @Normative(v5 = {"3.1.2-8", "3.1.2-10"})
    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {"DISCONNECT_WITH_WILL", "UNSPECIFIED", "QUOTA_EXCEEDED"})
    void disconnect_withAnotherReasonThanNormal_publishesTheWill(Reason reason) throws Exception {
        try (RawClient client = mortal(Version.V5)) {
            client.send(new Packet.Disconnect(reason, Properties.NONE));

            assertThat(RawClient.text(watcher.message())).isEqualTo("gone");
        }
    }

    @Normative(v3 = "3.1.2-12")
    @ParameterizedTest
    @EnumSource(Version.class)
    void lose_ofClientWithoutWill_publishesNothing(Version version) throws Exception {
        RawClient.connected(served.address(), version, "mortal").close();

        awaitGone();
        watcher.nothingElse();
        assertThat(served.inlet.count).hasValue(0);
    }

    @Normative(v5 = {"3.1.2-8", "3.1.3-10", "3.3.2-4", "3.3.2-15", "3.3.2-16", "3.3.2-20"})
    @Test
    void lose_ofClientWithWillProperties_forwardsThemInOrder() throws Exception {
        Properties properties = Properties.builder()
                .number(Property.PAYLOAD_FORMAT_INDICATOR, 1)
                .text(Property.CONTENT_TYPE, "text/plain")
                .text(Property.RESPONSE_TOPIC, "answers")
                .binary(Property.CORRELATION_DATA, new byte[] {7})
                .pair("b", "1")
                .pair("a", "2")
                .pair("b", "3")
                .build();
        mortal(Version.V5, 0, false, Properties.NONE, properties).close();

        assertThat(watcher.message().properties()).isEqualTo(properties);
    }

    @Normative(v5 = "3.1.2-8")
    @Test
    void lose_ofClientWithWillDelay_publishesItWhenTheDelayIsOver() throws Exception {
        mortal(Version.V5, 0, false, expiry(100), delay(10)).close();
        awaitGone();
        watcher.nothingElse();
        served.skippedNanos.addAndGet(TimeUnit.SECONDS.toNanos(11));

        assertThat(RawClient.text(watcher.message())).isEqualTo("gone");
        assertThat(served.gauge("weir_mqtt_sessions"))
                .as("its session lives on")
                .isEqualTo(2);
    }

    @Normative(v5 = {"3.1.2-8", "4.1.0-2"})
    @Test
    void expire_ofSessionWithinTheWillDelay_publishesTheWill() throws Exception {
        mortal(Version.V5, 0, false, expiry(5), delay(1000)).close();
        awaitGone();
        watcher.nothingElse();
        served.skippedNanos.addAndGet(TimeUnit.SECONDS.toNanos(6));

        assertThat(RawClient.text(watcher.message())).isEqualTo("gone");
        assertThat(served.gauge("weir_mqtt_sessions")).isEqualTo(1);
    }

    @Normative(v5 = "3.1.3-9")
    @Test
    void connect_withinTheWillDelay_keepsTheWillBack() throws Exception {
        mortal(Version.V5, 0, false, expiry(100), delay(10)).close();
        awaitGone();
        try (RawClient back = RawClient.lasting(served.address(), Version.V5, "mortal", false)) {
            assertThat(back.greeting.sessionPresent()).isTrue();
            served.skippedNanos.addAndGet(TimeUnit.SECONDS.toNanos(11));
            served.server.publish("wills/other", new byte[] {'x'}, 0, false, null);

            assertThat(List.of(watcher.message().topic())).containsExactly("wills/other");
        }
    }

    private static Properties expiry(long seconds) {
        return Properties.builder()
                .number(Property.SESSION_EXPIRY_INTERVAL, seconds)
                .build();
    }

    private static Properties delay(long seconds) {
        return Properties.builder()
                .number(Property.WILL_DELAY_INTERVAL, seconds)
                .build();
    }
}
