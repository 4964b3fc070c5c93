package dev.weir.connect.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.connect.mqtt.Packet.ConnAck;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Chapters 3.1, 3.2, 3.14 and 4.12: CONNECT, its answers, and the end of a connection.
@NullUnmarked
class ConformanceConnectIT {
    @RegisterExtension
    final Served served = Served.withDefaults();

    ConformanceConnectIT() throws Exception {}

    private RawClient fresh(Version version) throws Exception {
        return new RawClient(served.address(), version);
    }

    @Normative(
            v3 = {
                "3.1.2-1", "3.1.2-3", "3.1.2-9", "3.1.2-11", "3.1.2-13", "3.1.2-14", "3.1.2-15", "3.1.2-18", "3.1.2-19",
                "3.1.2-20", "3.1.2-21", "3.1.2-22", "3.1.3-1", "3.1.3-3", "3.1.3-4", "3.1.3-10", "3.1.3-11", "3.1.4-1",
                "3.2.2-6"
            })
    @ParameterizedTest(name = "{1}: {0}")
    @CsvSource(delimiter = '|', textBlock = """
            10 0d 0004 4e515454 04 02 0000 0001 61                     | another protocol name
            10 0d 0004 4d515454 04 03 0000 0001 61                     | reserved flag
            10 0d 0004 4d515454 04 0a 0000 0001 61                     | will QoS without will flag
            10 0d 0004 4d515454 04 22 0000 0001 61                     | will retain without will flag
            10 13 0004 4d515454 04 1e 0000 0001 61 0001 77 0001 78     | will QoS 3
            10 0d 0004 4d515454 04 06 0000 0001 61                     | will flag without will
            10 13 0004 4d515454 04 02 0000 0001 61 0001 77 0001 78     | will without will flag
            10 10 0004 4d515454 04 06 0000 0001 61 0001 77             | will without message
            10 13 0004 4d515454 04 06 0000 0001 61 0001 ff 0001 78     | will topic is not UTF-8
            10 0d 0004 4d515454 04 82 0000 0001 61                     | user flag without user
            10 10 0004 4d515454 04 02 0000 0001 61 0001 75             | user without user flag
            10 10 0004 4d515454 04 82 0000 0001 61 0001 ff             | user is not UTF-8
            10 10 0004 4d515454 04 c2 0000 0001 61 0001 75             | password flag without password
            10 13 0004 4d515454 04 82 0000 0001 61 0001 75 0001 70     | password without password flag
            10 10 0004 4d515454 04 42 0000 0001 61 0001 70             | password without user
            10 0a 0004 4d515454 04 02 0000                             | no client identifier
            10 0d 0004 4d515454 04 02 0000 0001 ff                     | client identifier is not UTF-8
            """)
    void connect_thatBreaksTheRulesIn311_endsWithoutConnack(String hex, String what) throws Exception {
        try (RawClient client = fresh(Version.V3_1_1)) {
            client.sendHex(hex);

            assertThat(client.receiveOrEnd()).as(what).isNull();
        }
    }

    @Normative(
            v5 = {
                "3.1.2-1",
                "3.1.2-3",
                "3.1.2-9",
                "3.1.2-11",
                "3.1.2-12",
                "3.1.2-13",
                "3.1.2-16",
                "3.1.2-17",
                "3.1.2-18",
                "3.1.2-19",
                "3.1.3-1",
                "3.1.3-3",
                "3.1.3-4",
                "3.1.3-11",
                "3.1.3-12",
                "3.1.4-1",
                "3.14.0-1"
            })
    @ParameterizedTest(name = "{1}: {0}")
    @CsvSource(delimiter = '|', textBlock = """
            10 0e 0004 4e515454 05 02 0000 00 0001 61                     | another protocol name
            10 0e 0004 4d515454 05 03 0000 00 0001 61                     | reserved flag
            10 0e 0004 4d515454 05 0a 0000 00 0001 61                     | will QoS without will flag
            10 0e 0004 4d515454 05 22 0000 00 0001 61                     | will retain without will flag
            10 15 0004 4d515454 05 1e 0000 00 0001 61 00 0001 77 0001 78  | will QoS 3
            10 0e 0004 4d515454 05 06 0000 00 0001 61                     | will flag without will
            10 15 0004 4d515454 05 02 0000 00 0001 61 00 0001 77 0001 78  | will without will flag
            10 15 0004 4d515454 05 06 0000 00 0001 61 00 0001 ff 0001 78  | will topic is not UTF-8
            10 19 0004 4d515454 05 06 0000 00 0001 61 04 08000123 0001 77 0001 78 | wildcard in a will's response topic
            10 0e 0004 4d515454 05 82 0000 00 0001 61                     | user flag without user
            10 11 0004 4d515454 05 02 0000 00 0001 61 0001 75             | user without user flag
            10 11 0004 4d515454 05 82 0000 00 0001 61 0001 ff             | user is not UTF-8
            10 11 0004 4d515454 05 c2 0000 00 0001 61 0001 75             | password flag without password
            10 14 0004 4d515454 05 82 0000 00 0001 61 0001 75 0001 70     | password without password flag
            10 0b 0004 4d515454 05 02 0000 00                             | no client identifier
            10 0e 0004 4d515454 05 02 0000 00 0001 ff                     | client identifier is not UTF-8
            """)
    void connect_thatBreaksTheRulesIn5_endsTheConnection(String hex, String what) throws Exception {
        try (RawClient client = fresh(Version.V5)) {
            client.sendHex(hex);
            Packet answer = client.receiveOrEnd();

            if (answer != null) {
                assertThat(answer)
                        .as(what)
                        .isInstanceOfSatisfying(
                                ConnAck.class, it -> assertThat(it.reason()).matches(Reason::isError));
                assertThat(client.receiveOrEnd()).as(what).isNull();
            }
        }
    }

    @Normative(
            v3 = "3.1.0-2",
            v5 = {"3.1.0-2", "3.2.0-2"})
    @ParameterizedTest
    @EnumSource(Version.class)
    void connect_sentTwice_endsTheConnectionWithoutASecondConnack(Version version) throws Exception {
        try (RawClient client = RawClient.connected(served.address(), version, "one")) {
            client.send(new Packet.Connect(version, "one", true, 0, null, null, null, Properties.NONE));

            client.expectEnd(Reason.PROTOCOL_ERROR);
        }
    }

    @Normative(
            v3 = {"3.1.3-5", "3.1.4-4", "3.2.0-1", "3.2.2-1"},
            v5 = {"3.1.3-5", "3.1.4-5", "3.2.0-1", "3.2.2-1", "3.2.2-2", "3.2.2-8"})
    @ParameterizedTest
    @CsvSource({
        "V3_1_1,a,20020000",
        "V3_1_1,0123456789abcdefghijklm,20020000",
        "V3_1_1,NOPQRSTUVWXYZnopqrstuvw,20020000",
        "V5,ABCDEFGHIJKLMxyz,20",
        "V5,Z,20"
    })
    void connect_withLettersAndDigits_isAnsweredByConnackFirst(Version version, String id, String begin)
            throws Exception {
        try (RawClient client = fresh(version)) {
            client.send(new Packet.Connect(version, id, true, 0, null, null, null, Properties.NONE));

            assertThat(client.hex(begin.length() / 2)).isEqualTo(begin);
            if (version == Version.V5) {
                assertThat(client.hex(3)).as("length, then flags and reason").endsWith("0000");
            }
        }
    }

    @Normative(v5 = {"3.1.3-6", "3.1.3-7", "3.2.2-16"})
    @Test
    void connect_withAssignedIdentifier_ownsItsSession() throws Exception {
        String assigned;
        try (RawClient one = RawClient.lasting(served.address(), Version.V5, "", false);
                RawClient two = RawClient.lasting(served.address(), Version.V5, "", false)) {
            assigned = one.greeting.properties().text(Property.ASSIGNED_CLIENT_IDENTIFIER);
            assertThat(two.greeting.properties().text(Property.ASSIGNED_CLIENT_IDENTIFIER))
                    .isNotEqualTo(assigned);
            one.leave();
        }
        try (RawClient back = RawClient.lasting(served.address(), Version.V5, assigned, false)) {
            assertThat(back.greeting.sessionPresent()).isTrue();
            assertThat(back.greeting.properties().has(Property.ASSIGNED_CLIENT_IDENTIFIER))
                    .isFalse();
        }
    }

    @Normative(v3 = "3.1.3-6")
    @Test
    void connect_withoutIdentifierIn311_isAccepted() throws Exception {
        try (RawClient one = RawClient.connected(served.address(), Version.V3_1_1, "");
                RawClient two = RawClient.connected(served.address(), Version.V3_1_1, "")) {
            one.nothingElse();
            two.nothingElse();
        }
    }

    @Normative(
            v3 = {"3.1.3-9", "3.1.4-5", "3.2.2-4", "3.2.2-5"},
            v5 = {"3.1.3-8", "3.1.4-2", "3.1.4-6", "3.2.2-6", "3.2.2-7", "4.13.2-1"})
    @ParameterizedTest
    @EnumSource(Version.class)
    void connect_withIdentifierThatIsRefused_processesNothingBehindIt(Version version) throws Exception {
        Encoder both = new Encoder(4096);
        String tooLong = "x".repeat(2000);
        both.write(new Packet.Connect(version, tooLong, false, 0, null, null, null, Properties.NONE), version);
        both.write(RawClient.publishing(false, "t", "x", 1, 1, true, Properties.NONE), version);
        try (RawClient client = fresh(version)) {
            client.socket.getOutputStream().write(both.array(), 0, both.size());

            assertThat(client.receive()).isEqualTo(new ConnAck(false, Reason.CLIENT_ID_NOT_VALID, Properties.NONE));
            assertThat(client.receiveOrEnd()).isNull();
        }
        assertThat(served.inlet.count).hasValue(0);
        assertThat(served.gauge("weir_mqtt_retained_messages")).isZero();
    }

    @Normative(
            v3 = {"3.1.2-4", "3.1.2-5", "3.1.3-2", "3.2.2-2", "3.2.2-3", "4.1.0-1", "4.1.0-2", "4.5.0-1"},
            v5 = {"3.1.2-5", "3.1.2-6", "3.1.2-23", "3.1.3-2", "3.1.4-4", "3.2.2-3", "4.1.0-1", "4.5.0-1"})
    @ParameterizedTest
    @EnumSource(Version.class)
    void connect_toExistingSession_resumesIt(Version version) throws Exception {
        try (RawClient client = RawClient.lasting(served.address(), version, "one", false)) {
            assertThat(client.greeting.sessionPresent()).isFalse();
            client.subscribe("t", 2);
            client.leave();
        }
        served.server.publish("t", new byte[] {'a'}, 1, false, null);
        served.server.publish("t", new byte[] {'b'}, 2, false, null);
        try (RawClient other = RawClient.lasting(served.address(), version, "two", false)) {
            assertThat(other.greeting.sessionPresent()).isFalse();
            other.nothingElse();
        }
        try (RawClient client = RawClient.lasting(served.address(), version, "one", false)) {
            assertThat(client.greeting.sessionPresent()).isTrue();
            assertThat(RawClient.text(client.message())).isEqualTo("a");
            assertThat(RawClient.text(client.message())).isEqualTo("b");
            served.server.publish("t", new byte[] {'c'}, 0, false, null);
            assertThat(RawClient.text(client.message())).isEqualTo("c");
        }
    }

    @Normative(
            v3 = {"3.1.2-6", "3.1.4-3", "3.2.2-1"},
            v5 = {"3.1.2-4", "3.1.4-4", "3.2.2-2"})
    @ParameterizedTest
    @EnumSource(Version.class)
    void connect_withCleanFlag_throwsTheSessionAway(Version version) throws Exception {
        try (RawClient client = RawClient.lasting(served.address(), version, "one", false)) {
            client.subscribe("t", 1);
            client.leave();
        }
        served.server.publish("t", new byte[1], 1, false, null);
        try (RawClient client = RawClient.lasting(served.address(), version, "one", true)) {
            assertThat(client.greeting.sessionPresent()).isFalse();
            served.server.publish("t", new byte[1], 1, false, null);
            client.nothingElse();
        }
    }

    @Normative(v5 = "3.2.2-22", v3 = "3.1.2-24")
    @ParameterizedTest
    @EnumSource(Version.class)
    void check_withoutKeepAliveOfTheServer_holdsTheClients(Version version) throws Exception {
        try (RawClient client = fresh(version)) {
            client.connect("one", true, 10, null, Properties.NONE);
            assertThat(client.greeting.properties().has(Property.SERVER_KEEP_ALIVE))
                    .isFalse();
            served.skippedNanos.addAndGet(TimeUnit.SECONDS.toNanos(16));

            client.expectEnd(Reason.KEEP_ALIVE_TIMEOUT);
        }
    }

    @Normative(v5 = {"3.1.2-28", "4.12.0-6"})
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void connect_withoutMethod_isToldNeitherMethodNorResponseInformation(int asked) throws Exception {
        Properties properties = Properties.builder()
                .number(Property.REQUEST_RESPONSE_INFORMATION, asked)
                .build();
        try (RawClient client = fresh(Version.V5)) {
            client.connect("one", true, properties);

            assertThat(client.greeting.reason()).isEqualTo(Reason.SUCCESS);
            assertThat(client.greeting.properties().has(Property.RESPONSE_INFORMATION))
                    .isFalse();
            assertThat(client.greeting.properties().has(Property.AUTHENTICATION_METHOD))
                    .isFalse();
        }
    }

    @Normative(v5 = {"4.12.0-1", "4.12.0-4", "3.2.2-7"})
    @Test
    void connect_withUnknownMethod_isRefusedAndEnded() throws Exception {
        Properties method = Properties.builder()
                .text(Property.AUTHENTICATION_METHOD, "SCRAM")
                .build();
        try (RawClient client = fresh(Version.V5)) {
            client.connect("one", true, method);

            assertThat(client.greeting.reason()).isEqualTo(Reason.BAD_AUTHENTICATION_METHOD);
            assertThat(client.receiveOrEnd()).isNull();
        }
    }

    @Normative(v5 = "4.12.1-2")
    @Test
    void auth_withReauthenticate_endsTheConnection() throws Exception {
        try (RawClient client = RawClient.connected(served.address(), Version.V5, "one")) {
            client.sendHex("f0 0a 19 08 15 0005 5343 52414d");

            client.expectEnd(Reason.PROTOCOL_ERROR);
        }
    }

    @Normative(v5 = {"3.1.2-24", "3.2.2-7"})
    @Test
    void connect_withRoomForNoConnack_isRefused() throws Exception {
        Properties tiny =
                Properties.builder().number(Property.MAXIMUM_PACKET_SIZE, 8).build();
        try (RawClient client = fresh(Version.V5)) {
            client.connect("one", true, tiny);

            assertThat(client.greeting).isEqualTo(new ConnAck(false, Reason.PACKET_TOO_LARGE, Properties.NONE));
            assertThat(client.receiveOrEnd()).isNull();
        }
    }

    @Normative(v5 = {"3.2.2-19", "3.14.2-3"})
    @ParameterizedTest
    @CsvSource({"1000, true, true", "1000, false, true", "30, true, false", "30, false, false"})
    void refuse_forMistake_saysWhatItWasWhereThereIsRoom(int room, boolean connected, boolean told) throws Exception {
        Properties.Builder asked = Properties.builder().number(Property.MAXIMUM_PACKET_SIZE, room);
        try (RawClient client = fresh(Version.V5)) {
            if (connected) {
                client.connect("one", true, asked.build());
                client.sendHex("30 05 00 03 61 2f 23"); // a message to a/# with no room for its properties
                Packet.Disconnect last = (Packet.Disconnect) client.receive();
                assertThat(last.reason()).isEqualTo(Reason.MALFORMED_PACKET);
                assertThat(last.properties().has(Property.REASON_STRING)).isEqualTo(told);
            } else {
                asked.text(Property.AUTHENTICATION_METHOD, "none that is known");
                client.connect("one", true, asked.build());
                assertThat(client.greeting.reason()).isEqualTo(Reason.BAD_AUTHENTICATION_METHOD);
                assertThat(client.greeting.properties().has(Property.REASON_STRING))
                        .isEqualTo(told);
            }
        }
    }

    @Normative(v5 = {"3.14.2-1", "3.14.2-2", "3.14.4-1", "3.14.4-2"})
    @Test
    void close_ofServer_sendsDisconnectLast() throws Exception {
        try (RawClient client = RawClient.lasting(served.address(), Version.V5, "one", false)) {
            served.server.close();

            assertThat(client.hex(3)).as("length, reason, no properties").isEqualTo("e0018b");
            assertThat(client.socket.getInputStream().read()).isNegative();
        }
    }
}
