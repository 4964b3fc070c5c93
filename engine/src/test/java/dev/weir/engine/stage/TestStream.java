package dev.weir.engine.stage;

import dev.weir.engine.FieldType;
import dev.weir.engine.Reading;
import dev.weir.engine.Schema;
import dev.weir.engine.config.ConfigFile;
import dev.weir.engine.config.Option;
import dev.weir.engine.config.Problem;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Shape;
import dev.weir.engine.config.Yaml;
import dev.weir.runtime.Lane;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// A stream to try stages and rules on, configured as a file would.
public final class TestStream {
    /// 2010-05-09T00:00:00Z, when the motes began.
    public static final long START = nanos(Instant.parse("2010-05-09T00:00:00Z"));

    private final Schema schema = new Schema("climate");
    private final StreamScope scope = new StreamScope(schema);
    private long sequence;

    /// A stream whose doubles are declared.
    public TestStream(String... doubles) {
        for (String name : doubles) {
            schema.declare(new Schema.Field(name, FieldType.DOUBLE, null));
        }
    }

    public Schema schema() {
        return schema;
    }

    public StreamScope scope() {
        return scope;
    }

    /// The one stage of `stages:`, which must be without mistakes.
    public Stage stage(String yaml) {
        return stage(yaml, Duration.ZERO);
    }

    Stage stage(String yaml, Duration lateness) {
        Problems problems = new Problems();
        Section.Tag tag = tag(yaml, problems);
        Stage stage = Stages.compile(tag, scope, lateness, problems)
                .orElseThrow(() -> new AssertionError(problems.all().toString()));
        if (!problems.all().isEmpty()) {
            throw new AssertionError(problems.all().toString());
        }
        return stage;
    }

    /// What is wrong with a stage.
    List<Problem> mistakes(String yaml) {
        Problems problems = new Problems();
        Section section = check("stages:\n" + yaml, stages(), problems);
        for (Section.Tag tag : section.tags("stages")) {
            Stages.compile(tag, scope, Duration.ZERO, problems);
        }
        return problems.all();
    }

    private static Section.Tag tag(String yaml, Problems problems) {
        Section section = check("stages:\n" + yaml, stages(), problems);
        List<Section.Tag> tags = section.tags("stages");
        if (tags.size() != 1) {
            throw new AssertionError(tags.size() + " stages: " + problems.all());
        }
        return tags.getFirst();
    }

    private static Shape stages() {
        return Shape.of(
                "Stages.",
                Option.required("stages", new dev.weir.engine.config.Kind.ListOf(StageShapes.stage()), "the stages"));
    }

    /// Checks a text against a shape.
    public static Section check(String yaml, Shape shape, Problems problems) {
        return Section.check(
                Yaml.parse(new ConfigFile("test.yaml", yaml), Map.of(), problems)
                        .orElseThrow(() -> new AssertionError(problems.all().toString())),
                shape,
                problems);
    }

    /// An empty reading at so many seconds after the start, received as many seconds later.
    public Reading at(String device, double seconds) {
        return at(device, START + Math.round(seconds * 1e9), START + Math.round(seconds * 1e9) + 1);
    }

    Reading at(String device, long time, long received) {
        return new Reading(schema, device, time, received, "test", 1, sequence++, Lane.SAMPLE);
    }

    public Reading at(String device, double seconds, String field, double value) {
        Reading reading = at(device, seconds);
        reading.set(schema.slotFor(field), value);
        return reading;
    }

    public static long nanos(Instant instant) {
        return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
    }
}
