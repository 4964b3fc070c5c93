package dev.weir.engine.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SectionCheckTest {
    private final Problems problems = new Problems();

    private Section check(String yaml, Option... options) {
        Tree tree = Yaml.parse(new ConfigFile("f", yaml), Map.of("SECRET", "hunter2"), problems)
                .orElseThrow();
        return Section.check(tree, Shape.of("A block.", options), problems);
    }

    private List<String> messages() {
        return problems.all().stream().map(Problem::message).toList();
    }

    private static Option any(String name, Kind kind) {
        return Option.optional(name, kind, "about");
    }

    private static Kind tagged(Shape shared) {
        Map<String, Kind> tags = new LinkedHashMap<>();
        tags.put("keep", new Kind.Formula());
        tags.put("cut", new Kind.Group(Shape.of("Cuts.", any("at", Kind.span()))));
        return new Kind.Tagged("step", tags, shared);
    }

    @Test
    void check_withEveryScalar_givesItsValue() {
        Section section = check(
                "{ t: x, f: true, w: -3, r: 1e3, s: 64KiB, d: 1h30m, a: 1883, u: 'http://h/p', c: b }",
                any("t", new Kind.Text()),
                any("f", new Kind.Flag()),
                any("w", new Kind.Whole(-5, 5)),
                any("r", new Kind.Real(0, 1e6)),
                any("s", Kind.size()),
                any("d", Kind.span()),
                any("a", new Kind.Address()),
                any("u", new Kind.Url(List.of("http"))),
                any("c", Kind.choice("a", "b")));

        assertThat(messages()).isEmpty();
        assertThat(section.complete()).isTrue();
        assertThat(section.text("t")).isEqualTo("x");
        assertThat(section.flag("f")).isTrue();
        assertThat(section.integer("w")).isEqualTo(-3);
        assertThat(section.real("r")).isEqualTo(1000.0);
        assertThat(section.whole("s")).isEqualTo(65_536);
        assertThat(section.duration("d")).isEqualTo(Duration.ofMinutes(90));
        assertThat(section.address("a")).isEqualTo(new HostPort("127.0.0.1", 1883));
        assertThat(section.url("u")).isEqualTo(URI.create("http://h/p"));
        assertThat(section.text("c")).isEqualTo("b");
    }

    @Test
    void check_withSingleElement_makesAListOfIt() {
        Section section = check("l: a", any("l", Kind.texts()));

        assertThat(section.texts("l")).containsExactly(new Section.Located<>(new Location("f", 1, 4), "a"));
    }

    @Test
    void check_withTaggedElements_givesTagsWithPlaces() {
        Shape shared = Shape.of("", Option.defaulted("workers", Kind.atLeast(1), "2", "how many"));
        Section section = check("l:\n  - keep: a > 1\n  - cut\n", any("l", new Kind.ListOf(tagged(shared))));

        List<Section.Tag> tags = section.tags("l");
        assertThat(messages()).isEmpty();
        assertThat(tags.get(0).text()).isEqualTo(new Section.Located<>(new Location("f", 2, 11), "a > 1"));
        assertThat(tags.get(0).shared().integer("workers")).isEqualTo(2);
        assertThat(tags.get(1).section().has("at")).isFalse();
        assertThat(tags.get(1).location()).isEqualTo(new Location("f", 3, 5));
    }

    @Test
    void check_withDefaults_putsThemWhereTheBlockBegins() {
        Section section = check(
                "b: {}",
                Option.required(
                        "b",
                        new Kind.Group(Shape.of(
                                "",
                                Option.defaulted("list", Kind.texts(), "[x, y]", ""),
                                Option.defaulted(
                                        "group",
                                        new Kind.Group(Shape.of("", Option.defaulted("n", Kind.span(), "5s", ""))),
                                        "{}",
                                        ""))),
                        ""));

        Section block = section.group("b");
        assertThat(block.texts("list")).extracting(Section.Located::value).containsExactly("x", "y");
        assertThat(block.group("group").duration("n")).isEqualTo(Duration.ofSeconds(5));
        assertThat(block.group("group").at("n")).isEqualTo(new Location("f", 1, 4));
    }

    @Test
    void check_withWrongValueThatHasADefault_usesTheDefaultAndStaysComplete() {
        Section section = check("n: many", Option.defaulted("n", Kind.atLeast(1), "7", ""));

        assertThat(messages()).hasSize(1);
        assertThat(section.whole("n")).isEqualTo(7);
        assertThat(section.complete()).isTrue();
    }

    @Test
    void check_withWrongValueWithoutDefault_isNotComplete() {
        Section section = check("n: many", any("n", Kind.atLeast(1)));

        assertThat(section.complete()).isFalse();
        assertThat(section.has("n")).isFalse();
    }

    @Test
    void check_withUnknownKey_staysComplete() {
        assertThat(check("{ a: 1, x: 2 }", any("a", new Kind.Text())).complete())
                .isTrue();
        assertThat(messages()).containsExactly("unknown key \"x\"; did you mean \"a\"?");
    }

    @Test
    void check_withMisspelledRequiredKey_tellsItOnce() {
        Section section = check("listn: 1", Option.required("listen", new Kind.Address(), ""));

        assertThat(messages()).containsExactly("unknown key \"listn\"; did you mean \"listen\"?");
        assertThat(section.complete()).isFalse();
    }

    @Test
    void check_withWrongSecretFromTheEnvironment_doesNotShowIt() {
        check(
                "{ a: '${SECRET}', b: '${SECRET}', c: '${SECRET}', d: '${SECRET}', e: 'x${SECRET}', f: '${SECRET}' }",
                any("a", Kind.atLeast(1)),
                any("b", Kind.span()),
                any("c", new Kind.Address()),
                any("d", Kind.choice("hunter1")),
                any("e", new Kind.Url(List.of("http"))),
                any("f", tagged(Shape.of(""))));

        assertThat(messages()).hasSize(6).noneMatch(message -> message.contains("hunter2"));
    }

    @Test
    void check_withEitherKind_takesTheOneThatFits() {
        Kind kind = new Kind.Either(Kind.choice("auto"), new Kind.Whole(1, 4));

        assertThat(check("k: auto", any("k", kind)).isText("k")).isTrue();
        assertThat(check("k: 3", any("k", kind)).integer("k")).isEqualTo(3);
        assertThat(messages()).isEmpty();
    }

    @Test
    void check_withDefaultThatDoesNotFit_isAMistakeInTheProgram() {
        assertThatThrownBy(() -> check("{}", Option.defaulted("n", Kind.atLeast(1), "0", "")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'n'");
    }

    @Test
    void verify_withMistakeInAShape_throws() {
        Shape good = Shape.of("", Option.defaulted("n-1", Kind.atLeast(1), "1", "a"));
        good.verify();

        for (Option bad : List.of(
                Option.defaulted("n", Kind.atLeast(1), "0", "a"),
                Option.optional("n", new Kind.Text(), ""),
                Option.optional("aB", new Kind.Text(), "a"),
                Option.optional("n", new Kind.ListOf(new Kind.Group(Shape.of("", any("X", Kind.span())))), "a"))) {
            assertThatThrownBy(() -> Shape.of("", bad).verify()).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void check_withTaggedDefault_makesATagOfIt() {
        Section section = check("{}", Option.defaulted("s", tagged(Shape.of("")), "cut", ""));

        assertThat(section.tag("s").name()).isEqualTo("cut");
    }
}
