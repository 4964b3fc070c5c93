package dev.weir.connect.mqttclient;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.Connector;
import dev.weir.engine.config.Problem;
import dev.weir.engine.config.Problems;
import dev.weir.testkit.FromConfig;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MqttConnectorsTest {
    private final Problems problems = new Problems();

    @Test
    void services_haveBoth() {
        assertThat(ServiceLoader.load(Connector.class))
                .extracting(Connector::name)
                .contains("mqtt-client", "mqtt");
    }

    @Test
    void shapes_areSound() {
        SourceOptions.SHAPE.verify();
        SinkOptions.SHAPE.verify();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ url: \"tcp://h\", topics: [] }",
                "{ url: \"tcp://h\", topics: a/#/b }",
                "{ url: \"tcp://h\", topics: a+ }",
                "{ url: \"tcp://h\", topics: $share/g }",
                "{ url: \"tcp://u:p@h\", topics: a }",
                "{ url: \"tcp://h\", topics: a, tls: {} }",
                "{ url: \"tcp://h\", topics: a, version: \"3.1.1\", password: secret }",
                "{ url: \"tcp://h\", topics: a, reconnect-min: 2m }",
                "{ url: \"http://h\", topics: a }",
                "{ url: \"tcp://h\", topics: a, client-id: \"a\\0b\" }",
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
                SourceOptions.SHAPE, "{ url: \"tcp://h\", topics: a, user: u, password: secret }", problems);
        assertThat(SourceOptions.of(section, "id", problems).toString()).doesNotContain("secret");
        assertThat(SourceOptions.of(section, "id", problems).topics()).isEqualTo(List.of("a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/#", "$SYS/x", "a/+/b"})
    void sink_topicThatIsNone_isAProblem(String topic) {
        SinkOptions.of(
                FromConfig.section(SinkOptions.SHAPE, "{ url: \"tcp://h\", topic: \"" + topic + "\" }", problems),
                "id",
                problems);
        assertThat(problems.all()).hasSize(1);
    }
}
