package dev.weir.connect.nats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.Connector;
import dev.weir.engine.Connector.Surroundings;
import dev.weir.engine.Sink;
import dev.weir.engine.Source;
import dev.weir.engine.config.ConfigFile;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Shape;
import dev.weir.engine.config.Yaml;
import java.util.Map;

/// Makes sources and sinks as a config file does.
final class Links {
    private Links() {}

    static Source source(String yaml, Surroundings surroundings) {
        Connector.SourceType type = new NatsConnector().source().orElseThrow();
        Problems problems = new Problems();
        Source source = type.factory().create(section(type.shape(), yaml, problems), surroundings, problems);
        assertThat(problems.all()).isEmpty();
        return source;
    }

    static Sink sink(String yaml, Surroundings surroundings) {
        Connector.SinkType type = new NatsConnector().sink().orElseThrow();
        Problems problems = new Problems();
        Sink sink = type.factory().create(section(type.shape(), yaml, problems), surroundings, problems);
        assertThat(problems.all()).isEmpty();
        return sink;
    }

    static Section section(Shape shape, String yaml, Problems problems) {
        return Section.check(
                Yaml.parse(new ConfigFile("test.yaml", yaml), Map.of(), problems)
                        .orElseThrow(),
                shape,
                problems);
    }
}
