package dev.weir.engine.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlTest {
    private final Problems problems = new Problems();

    private Optional<Tree> parse(String text) {
        return Yaml.parse(new ConfigFile("f", text), Map.of("A", "one", "B", "two"), problems);
    }

    private Tree.Scalar scalar(String text) {
        Tree.Mapping mapping = (Tree.Mapping) parse(text).orElseThrow();
        return (Tree.Scalar) mapping.find("k").orElseThrow().value();
    }

    private String found() {
        return problems.all().stream()
                .map(problem ->
                        problem.location().line() + ":" + problem.location().column() + " " + problem.message())
                .collect(Collectors.joining("\n"));
    }

    @Test
    void parse_withPlainText_pointsAtItsBegin() {
        Tree.Scalar scalar = scalar("a: 1\nk:   x y # why\n");

        assertThat(scalar).isEqualTo(new Tree.Scalar(new Location("f", 2, 6), "x y", false, false));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            value = {"k: \"x\", 5", "k: 'x', 5", "~{ k: 'x' }~, 7"})
    void parse_withQuotes_pointsBehindTheQuote(String text, int column) {
        assertThat(scalar(text)).isEqualTo(new Tree.Scalar(new Location("f", 1, column), "x", true, false));
    }

    @Test
    void parse_withBlock_pointsAtTheFirstCharacterBelow() {
        Tree.Scalar scalar = scalar("k: |\n\n    a > 1\n    && b\n");

        assertThat(scalar.location()).isEqualTo(new Location("f", 3, 5));
        assertThat(scalar.quoted()).isTrue();
    }

    @Test
    void inside_withBlockOfLines_findsTheLineAndColumn() {
        Tree.Scalar scalar = scalar("k: |\n    a > 1\n    && b\n");

        assertThat(scalar.location().inside(scalar.text(), scalar.text().indexOf('b')))
                .isEqualTo(new Location("f", 3, 8));
    }

    @Test
    void parse_withCharactersBeyond16Bits_countsEachAsOneColumn() {
        parse("{ a: \"\uD83D\uDE00\uD83D\uDE00\", a: 2 }");

        assertThat(found()).startsWith("1:12 the key \"a\" stands here a second time");
    }

    @ParameterizedTest
    @ValueSource(ints = {1022, 1023, 1024, 1025, 1026, 2048, 2049, 2050})
    void parse_withCharactersBeyond16BitsAcrossAnyPlace_readsThem(int before) {
        String text = "x".repeat(before) + "\uD83D\uDE00";

        assertThat(parse("a: " + text)).isPresent();
        assertThat(problems.all()).isEmpty();
    }

    @Test
    void parse_withByteOrderMark_doesNotCountIt() {
        assertThat(scalar("\uFEFFk: x").location()).isEqualTo(new Location("f", 1, 4));
    }

    @Test
    void parse_withOldLineEnds_countsLines() {
        assertThat(scalar("a: 1\r\nk: x\r\n").location()).isEqualTo(new Location("f", 2, 4));
    }

    @Test
    void parse_withVariables_replacesThemAndMarksTheSecret() {
        assertThat(scalar("k: \"${A}-${B:-x}-${C:-y}-$${A}\"").text()).isEqualTo("one-two-y-${A}");
        assertThat(scalar("k: ${A}").secret()).isTrue();
        assertThat(scalar("k: ${C:-y}").secret()).isFalse();
    }

    @Test
    void parse_withNothingButAVariableInQuotes_isNoQuotedText() {
        assertThat(scalar("k: \"${C:-10}\"").quoted()).isFalse();
        assertThat(scalar("k: \"${C:-10} \"").quoted()).isTrue();
    }

    @Test
    void parse_withVariableContentThatLooksLikeYaml_keepsItText() {
        Tree tree = Yaml.parse(new ConfigFile("f", "k: ${X}"), Map.of("X", "{ a: [1] }\n${X}"), problems)
                .orElseThrow();

        assertThat(((Tree.Mapping) tree).entries().getFirst().value())
                .isEqualTo(new Tree.Scalar(new Location("f", 1, 4), "{ a: [1] }\n${X}", false, true));
    }

    @Test
    void parse_withHugeVariablesUsedOften_isBounded() {
        String huge = "x".repeat(1 << 18);

        Yaml.parse(new ConfigFile("f", "- ${X}\n".repeat(100)), Map.of("X", huge), problems);

        assertThat(found()).contains("5:3 environment variables bring in more than 1,048,576 characters");
    }

    @Test
    void parse_withSeveralUnsetVariables_tellsAll() {
        parse("a: ${X}\nb: 'n ${Y}'\n");

        assertThat(found().lines().map(line -> line.substring(0, line.indexOf(' '))))
                .containsExactly("1:4", "2:7");
    }

    @Test
    void parse_withDeepNesting_refusesAtTheLimit() {
        parse("[".repeat(64) + "]".repeat(64));
        assertThat(found()).isEmpty();

        parse("[".repeat(65) + "]".repeat(65));
        assertThat(found()).isEqualTo("1:65 nested more than 64 levels deep, the limit");
    }

    @Test
    void parse_withEndlessNesting_endsAtTheLimit() {
        parse("[".repeat(1 << 20));

        assertThat(found()).isEqualTo("1:65 nested more than 64 levels deep, the limit");
    }

    @Test
    void parse_withManyValues_refusesAtTheLimit() {
        parse("[" + "1,".repeat(99_999) + "]");
        assertThat(found()).isEmpty();

        parse("[" + "1,".repeat(100_000) + "]");
        assertThat(found()).isEqualTo("1:200000 more than 100,000 keys and values, the limit for a configuration file");
    }

    @Test
    void parse_withAliasesThatMultiply_refusesTheFirst() {
        parse("a: &a [x, x]\nb: [*a, *a]\n");

        assertThat(found()).startsWith("1:4 the anchor &a is refused");
    }
}
