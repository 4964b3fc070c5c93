package dev.weir.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.FieldType;
import dev.weir.engine.config.ConfigFile;
import dev.weir.engine.config.Kind;
import dev.weir.engine.config.Option;
import dev.weir.engine.config.Problem;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Section.Located;
import dev.weir.engine.config.Shape;
import dev.weir.engine.config.Yaml;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecodersTest {
    private static final Shape PIPELINE = Shape.of(
            "A pipeline",
            DecodeShape.option(),
            Option.optional("device", new Kind.Text(), "The field with the device"),
            Option.optional("x", new Kind.Text(), "Anything"));

    private final Problems problems = new Problems();
    private final Decoding decoding = new Decoding();

    private Section section(String yaml) {
        return Section.check(
                Yaml.parse(new ConfigFile("f.yaml", yaml), Map.of(), problems).orElseThrow(), PIPELINE, problems);
    }

    private Decoder compile(String yaml) {
        Section section = section(yaml);
        Located<String> device = section.has("device") ? section.located("device") : null;
        return Decoders.compile(section, decoding.schema, device, decoding.meters, problems);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    x: y                                            | {"a":1,"ts":5}         | d@2020-01-01T00:00:00Z {"a":1.0,"ts":5.0}
                    decode: json                                    | {"a":1}                | d@2020-01-01T00:00:00Z {"a":1.0}
                    decode: { json: { time: ts } }                  | {"a":1,"ts":5}         | d@1970-01-01T00:00:00.005Z {"a":1.0}
                    decode: { json: { time: { field: ts, unit: s }}} | {"a":1,"ts":5}        | d@1970-01-01T00:00:05Z {"a":1.0}
                    {decode: json, device: id}                      | {"id":"m"}             | m@2020-01-01T00:00:00Z {}
                    decode: senml-json                              | [{"n":"a","v":1}]      | d@2020-01-01T00:00:00Z {"a":1.0}
                    decode: { csv: { columns: [a, b] } }            | 1,2                    | d@2020-01-01T00:00:00Z {"a":1.0,"b":2.0}
                    decode: { csv: { columns: a, delimiter: tab } } | x,y                    | d@2020-01-01T00:00:00Z {"a":"x,y"}
                    decode: raw                                     | 7                      | d@2020-01-01T00:00:00Z {"value":7.0}
                    decode: { raw: { field: level } }               | 7                      | d@2020-01-01T00:00:00Z {"level":7.0}
                    """)
    void compile_eachForm_decodes(String yaml, String payload, String expected) throws Exception {
        Decoder decoder = compile(yaml);
        assertThat(problems.all()).isEmpty();
        assertThat(decoding.run(decoder, payload)).containsExactly(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    decode: { csv: { delimiter: "::" } }                 | f.yaml:1:30 | one character, or 'tab'
                    decode: { csv: { columns: [a, b, a] } }              | f.yaml:1:34 | column 'a' is there twice
                    decode: { csv: { columns: [a], time: ts } }          | f.yaml:1:11 | which is no column: [a]
                    {decode: { csv: { columns: [a] } }, device: id}      | f.yaml:1:45 | which is no column: [a]
                    {decode: senml-json, device: id}                     | f.yaml:1:30 | brings its devices
                    {decode: { json: { time: id } }, device: id}         | f.yaml:1:42 | both time and device
                    """)
    void compile_doubtfulOptions_areProblemsWithTheirPlace(String yaml, String place, String message) {
        compile(yaml);
        assertThat(problems.all())
                .singleElement()
                .satisfies(problem -> assertThat(problem.location()).hasToString(place))
                .extracting(Problem::message)
                .asString()
                .contains(message);
    }

    @Test
    void compile_tooLongFieldName_isAProblem() {
        compile("decode: { raw: { field: " + "n".repeat(65) + " } }");
        assertThat(problems.all())
                .extracting(Problem::message)
                .singleElement()
                .asString()
                .contains("64 characters");
    }

    @Test
    void compile_declaredType_isEnforced() throws Exception {
        decoding.declare("a", FieldType.LONG);
        assertThat(decoding.run(compile("decode: json"), "{\"a\":1}"))
                .isEqualTo(List.of("d@2020-01-01T00:00:00Z {\"a\":1}"));
    }

    @Test
    void bringsDevice_onlySenml_does() {
        assertThat(Decoders.bringsDevice(section("decode: senml-json"))).isTrue();
        assertThat(Decoders.bringsDevice(section("decode: senml-cbor"))).isTrue();
        assertThat(Decoders.bringsDevice(section("decode: json"))).isFalse();
    }
}
