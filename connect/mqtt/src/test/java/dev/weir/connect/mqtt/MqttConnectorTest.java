package dev.weir.connect.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.Actuator;
import dev.weir.engine.Connector;
import dev.weir.engine.Source;
import dev.weir.engine.config.ConfigFile;
import dev.weir.engine.config.Problem;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Shape;
import dev.weir.engine.config.Tree;
import dev.weir.engine.config.Yaml;
import dev.weir.testkit.RecordingInlet;
import dev.weir.testkit.TestSurroundings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class MqttConnectorTest {
    private final MqttConnector connector = new MqttConnector();
    private final Problems problems = new Problems();

    private Section section(Shape shape, String yaml) {
        Tree tree = Yaml.parse(new ConfigFile("test.yaml", yaml), Map.of(), problems)
                .orElseThrow();
        return Section.check(tree, shape, problems);
    }

    private static Connector.Surroundings surroundings(Map<String, Source> sources) {
        return TestSurroundings.with(TestSurroundings.of("devices", Path.of("target")), sources);
    }

    private MqttServer server(String yaml) {
        Connector.SourceType type = connector.source().orElseThrow();
        return (MqttServer) type.factory().create(section(type.shape(), yaml), surroundings(Map.of()), problems);
    }

    private Actuator publisher(String yaml, Map<String, Source> sources) {
        Connector.ActionType type = connector.actions().getFirst();
        return type.factory().create(section(type.shape(), yaml), surroundings(sources), problems);
    }

    private List<String> messages() {
        return problems.all().stream().map(Problem::message).toList();
    }

    @Test
    void load_byService_findsTheConnector() {
        assertThat(ServiceLoader.load(Connector.class))
                .anyMatch(
                        found -> found instanceof MqttConnector && found.name().equals("mqtt"));
    }

    @Test
    void create_withOptions_listensThere() throws IOException {
        MqttServer server = server("{ listen: '127.0.0.1:0', queue: { messages: 5 }, retained: {} }");

        server.open(new RecordingInlet());

        assertThat(messages()).isEmpty();
        assertThat(server.address().getPort()).isPositive();
        server.close();
    }

    @Test
    void create_withoutOptions_hasDefaults() {
        server("{}").close();

        assertThat(messages()).isEmpty();
    }

    @Test
    void create_ofPublishWithoutServer_isAProblem() {
        publisher("{ topic: t }", Map.of());

        assertThat(messages()).singleElement().asString().contains("publish needs an MQTT source");
    }

    @Test
    void create_ofPublishWithTwoServers_wantsAName() {
        publisher("{ topic: t }", Map.of("a", server("{}"), "b", server("{}")));

        assertThat(messages()).containsExactly("there are several MQTT sources: say to: with one of a, b");
    }

    @Test
    void create_ofPublishToUnknownServer_namesTheKnownOnes() {
        publisher("{ topic: t, to: c }", Map.of("a", server("{}")));

        assertThat(messages()).containsExactly("'c' is not an MQTT source; there is: a");
    }
}
