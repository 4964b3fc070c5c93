package dev.weir.testkit;

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
public final class FromConfig {
    private FromConfig() {}

    /// A connector's source with these options, in which nothing is wrong.
    public static Source source(Connector connector, String yaml, Surroundings surroundings) {
        Connector.SourceType type = connector.source().orElseThrow();
        Problems problems = new Problems();
        Source source = type.factory().create(section(type.shape(), yaml, problems), surroundings, problems);
        assertThat(problems.all()).isEmpty();
        return source;
    }

    /// A connector's sink with these options, in which nothing is wrong.
    public static Sink sink(Connector connector, String yaml, Surroundings surroundings) {
        Connector.SinkType type = connector.sink().orElseThrow();
        Problems problems = new Problems();
        Sink sink = type.factory().create(section(type.shape(), yaml, problems), surroundings, problems);
        assertThat(problems.all()).isEmpty();
        return sink;
    }

    /// Options, checked against their shape.
    public static Section section(Shape shape, String yaml, Problems problems) {
        return Section.check(
                Yaml.parse(new ConfigFile("test.yaml", yaml), Map.of(), problems)
                        .orElseThrow(),
                shape,
                problems);
    }
}
