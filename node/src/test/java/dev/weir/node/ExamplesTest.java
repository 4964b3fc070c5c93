package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.GsonBuilder;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import dev.harrel.jsonschema.providers.GsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/// The configurations that people see first.
class ExamplesTest {
    private static final Pattern BLOCK = Pattern.compile("(?s)## A node in ten lines\\s+```yaml\\n(.*?)```");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    /// A configuration by name.
    record Example(String name, String yaml) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Example> examples() throws IOException {
        Matcher readme = BLOCK.matcher(Files.readString(Path.of("../README.md")));
        assertThat(readme.find()).isTrue();
        return List.of(new Example("README", readme.group(1)), new Example("motes", Motes.config()));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void of_withExample_findsNothing(Example example) throws IOException {
        Path file = Files.writeString(folder.resolve("node.yaml"), example.yaml());

        NodePlan plan = NodePlan.of(NodePlan.load(file, Map.of()));

        assertThat(plan.config().report().render()).isEmpty();
        assertThat(plan.describe()).anySatisfy(line -> assertThat(line).startsWith("pipeline climate: "));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void jsonSchema_withExample_acceptsIt(Example example) {
        Validator validator = new ValidatorFactory()
                .withJsonNodeFactory(new GsonNode.Factory())
                .createValidator();
        URI schema = URI.create("https://weir.dev/node.json");
        validator.registerSchema(schema, NodePlan.jsonSchema());
        Object value =
                new Load(LoadSettings.builder().setSchema(new CoreSchema()).build()).loadFromString(example.yaml());

        Validator.Result result = validator.validate(
                schema, new GsonBuilder().serializeNulls().create().toJson(value));

        assertThat(result.getErrors()).isEmpty();
    }
}
