package dev.weir.connect.nats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.Connector;
import dev.weir.engine.DeliveryId;
import dev.weir.engine.Reading;
import dev.weir.engine.Schema;
import dev.weir.engine.config.Problem;
import dev.weir.engine.config.Problems;
import dev.weir.testkit.FromConfig;
import dev.weir.testkit.Numbered;
import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NatsConnectorTest {
    private final Problems problems = new Problems();

    @Test
    void services_haveIt() {
        assertThat(ServiceLoader.load(Connector.class))
                .extracting(Connector::name)
                .contains("nats");
    }

    @Test
    void shapes_areSound() {
        SourceOptions.SHAPE.verify();
        SinkOptions.SHAPE.verify();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ url: \"nats://h\" }",
                "{ url: \"nats://h\", subjects: [] }",
                "{ url: \"nats://h\", subjects: \"a..b\" }",
                "{ url: \"nats://h\", subjects: \"a.>.b\" }",
                "{ url: \"nats://h\", subjects: \"a b\" }",
                "{ url: \"nats://h\", subjects: [\"a.>\", \"a.b\"] }",
                "{ url: \"nats://h\", subjects: [\"a.*.c\", \"a.b.*\"] }",
                "{ url: \"nats://u:secret@h\", subjects: a }",
                "{ url: \"http://h\", subjects: a }",
                "{ url: \"nats://h/path\", subjects: a }",
                "{ url: [], subjects: a }",
                "{ url: [\"nats://h\", \"tls://i\"], subjects: a }",
                "{ url: \"nats://h\", subjects: a, tls: {} }",
                "{ url: \"nats://h\", subjects: a, password: secret }",
                "{ url: \"nats://h\", subjects: a, user: u }",
                "{ url: \"nats://h\", subjects: a, user: u, password: secret, token: secret }",
                "{ url: \"nats://h\", subjects: a, credentials: /nowhere/to/be/found.creds }",
                "{ url: \"nats://h\", subjects: a, queue: \"g h\" }",
                "{ url: \"nats://h\", stream: S }",
                "{ url: \"nats://h\", subjects: a, durable: d }",
                "{ url: \"nats://h\", stream: \"S.T\", durable: d }",
                "{ url: \"nats://h\", stream: S, durable: d, queue: g }",
                "{ url: \"nats://h\", subjects: a, reconnect-min: 2m }",
            })
    void source_wrongOptions_areAProblemWithoutTheSecret(String yaml) {
        var section = FromConfig.section(SourceOptions.SHAPE, yaml, problems);
        if (section.complete()) {
            SourceOptions.of(section, "id", problems);
        }
        assertThat(problems.all()).hasSize(1).extracting(Problem::message).noneMatch(text -> text.contains("secret"));
    }

    @Test
    void source_options_doNotShowThePassword() {
        var section = FromConfig.section(
                SourceOptions.SHAPE, "{ url: \"nats://h\", subjects: a, user: u, password: secret }", problems);
        assertThat(SourceOptions.of(section, "id", problems).toString()).doesNotContain("secret");
        assertThat(SourceOptions.of(section, "id", problems).link().login().toString())
                .doesNotContain("secret");
        assertThat(problems.all()).isEmpty();
    }

    @Test
    void token_options_doNotShowIt() {
        var section =
                FromConfig.section(SinkOptions.SHAPE, "{ url: \"nats://h\", subject: a, token: secret }", problems);
        assertThat(SinkOptions.of(section, "id", problems).link().login().toString())
                .doesNotContain("secret");
    }

    @Test
    void url_withoutPort_has4222() {
        var section = FromConfig.section(
                SinkOptions.SHAPE, "{ url: [\"tls://h\", \"tls://[::1]:1\"], subject: a }", problems);
        LinkOptions link = SinkOptions.of(section, "id", problems).link();
        assertThat(link.names()).isEqualTo("h:4222, [::1]:1");
        assertThat(link.tls()).isPresent();
        assertThat(problems.all()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.>", "$SYS.x", "a.*.b", "a..b", "a b", "", "$JS.API.x"})
    void sink_subjectThatIsNone_isAProblem(String subject) {
        SinkOptions.of(
                FromConfig.section(SinkOptions.SHAPE, "{ url: \"nats://h\", subject: \"" + subject + "\" }", problems),
                "id",
                problems);
        assertThat(problems.all()).hasSize(1);
    }

    @Test
    void sink_contentTypeWithALineBreak_isAProblem() {
        SinkOptions.of(
                FromConfig.section(
                        SinkOptions.SHAPE, "{ url: \"nats://h\", subject: a, content-type: \"a\\nb\" }", problems),
                "id",
                problems);
        assertThat(problems.all()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "a.b,a.b,true",
        "a.*,a.b,true",
        "a.>,a.b.c,true",
        ">,a,true",
        "a.>,a,false",
        "a.b,a.c,false",
        "a.*,a.b.c,false",
        "*.b,a.*,true"
    })
    void filters_overlap_whereASubjectMatchesBoth(String one, String other, boolean expected) {
        assertThat(Subjects.overlap(one, other)).isEqualTo(expected);
        assertThat(Subjects.overlap(other, one)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"a.b.c,a/b/c", "a,a", "a.b/c,a/b%2Fc"})
    void subject_isAnAddress(String subject, String address) {
        assertThat(Subjects.address(subject)).isEqualTo(address);
    }

    @Test
    void messageId_ofTheSameReading_isTheSame_andOfAnotherIsNot() {
        DeliveryId ids = new DeliveryId("node");
        Schema schema = new Schema("s");
        Reading reading = new Numbered("d1", 1).reading(schema);
        String id = ids.of(List.of(reading), NatsServer.bytes("x"), "t.d1");
        assertThat(new DeliveryId("node")
                        .of(List.of(new Numbered("d1", 1).reading(schema)), NatsServer.bytes("x"), "t.d1"))
                .isEqualTo(id);
        assertThat(List.of(
                        ids.of(List.of(reading), NatsServer.bytes("y"), "t.d1"),
                        ids.of(List.of(reading), NatsServer.bytes("x"), "t.d2"),
                        ids.of(List.of(new Numbered("d1", 2).reading(schema)), NatsServer.bytes("x"), "t.d1"),
                        new DeliveryId("other").of(List.of(reading), NatsServer.bytes("x"), "t.d1")))
                .doesNotContain(id);
    }

    @Test
    void heartbeat_isWithinWhatTheServerAllows_andBeforeItSendsAgain() {
        assertThat(Pull.heartbeat(Duration.ofHours(1), Duration.ofHours(1))).isEqualTo(Duration.ofSeconds(10));
        assertThat(Pull.heartbeat(Duration.ofHours(1), Duration.ofSeconds(3))).isEqualTo(Duration.ofSeconds(1));
        assertThat(Pull.heartbeat(Duration.ofSeconds(1), Duration.ofHours(1))).isEqualTo(Duration.ofMillis(500));
    }
}
