package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.GsonBuilder;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import dev.harrel.jsonschema.providers.GsonNode;
import dev.weir.engine.config.JsonSchema;
import dev.weir.engine.config.Reference;
import dev.weir.engine.config.Shape;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/// The generated JSON Schema, judged by a validator that knows nothing of Weir.
class NodeSchemaTest {
    private static final URI SCHEMA = URI.create("https://weir.dev/node.json");
    private static final Validator VALIDATOR = validator(SampleShapes.file());

    private static Validator validator(Shape file) {
        Validator validator = new ValidatorFactory()
                .withJsonNodeFactory(new GsonNode.Factory())
                .createValidator();
        // Checks the schema itself against the schema of schemas.
        validator.registerSchema(SCHEMA, JsonSchema.of("Weir node", file));
        return validator;
    }

    /// Whether the schema accepts a file; empty if the file is no YAML.
    private static Optional<Validator.Result> validated(String yaml) {
        try {
            Object value = new Load(LoadSettings.builder()
                            .setSchema(new CoreSchema())
                            .setAllowDuplicateKeys(true)
                            .build())
                    .loadFromString(yaml);
            String json = new GsonBuilder().serializeNulls().create().toJson(value);
            return Optional.of(VALIDATOR.validate(SCHEMA, json));
        } catch (YamlEngineException e) {
            return Optional.empty(); // what is no YAML cannot be asked
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"greenhouse", "small", "blocks"})
    void schema_withSample_acceptsIt(String name) throws IOException {
        String yaml = Files.readString(Path.of("src/test/resources/samples", name + ".yaml"));

        assertThat(validated(yaml))
                .hasValueSatisfying(result -> assertThat(result.getErrors()).isEmpty());
    }

    /// The files of the table that only give warnings.
    static List<MistakesTest.Mistake> accepted() throws IOException {
        return MistakesTest.mistakes().stream()
                .filter(mistake -> mistake.expected().stream().noneMatch(line -> line.contains(": error: ")))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void schema_withAcceptedFile_acceptsItToo(MistakesTest.Mistake mistake) {
        assertThat(validated(mistake.yaml()))
                .hasValueSatisfying(result -> assertThat(result.getErrors()).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unknown key at the top",
                "misspelled required key",
                "missing required key",
                "missing blocks",
                "key of a later version",
                "word of a later version",
                "source of a later version",
                "source without a protocol",
                "source with two protocols",
                "unknown protocol",
                "protocol that needs options as a word alone",
                "list instead of a block",
                "list as a file",
                "no value",
                "duration with a wrong unit",
                "duration without unit",
                "size with a wrong unit",
                "whole number out of bounds",
                "text instead of a number",
                "number in quotes",
                "fraction instead of a whole number",
                "number out of bounds",
                "neither of two kinds",
                "the second of two kinds, with a mistake in it",
                "decoder of a later version",
                "address without port",
                "address with IPv6 without brackets",
                "URL with a wrong scheme",
                "name with a dot",
                "unknown stage",
                "stage as text",
                "unknown key beside a stage",
                "action with a wrong word",
                "rule without condition"
            })
    void schema_withMistakeInOnePlace_refusesIt(String name) throws IOException {
        MistakesTest.Mistake mistake = MistakesTest.mistakes().stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow();

        assertThat(validated(mistake.yaml()))
                .hasValueSatisfying(result -> assertThat(result.isValid()).isFalse());
    }

    @Test
    void file_ofThisNode_hasFittingDefaultsAndAValidSchema() {
        Shape file = PipelineShape.file();

        file.verify();
        validator(file);
        assertThat(Reference.of(file, Set.of(), "")).contains("## `pipelines.NAME.stages[].window`");
    }

    @Test
    void reference_namesEveryOptionAndDefault() {
        String reference = Reference.of(SampleShapes.file(), Set.of(), "");

        assertThat(reference)
                .contains("## `sources.NAME`", "## `pipelines.NAME.stages[].window`", "## `rules.NAME.do[].raise`")
                .contains("| `memory` | size, at least 1MiB, at most 1TiB | `160MiB` |")
                .contains("Not in this version: `hub`, `journal`.")
                .contains("`received` (not in this version: `journaled`, `delivered`)");
    }
}
