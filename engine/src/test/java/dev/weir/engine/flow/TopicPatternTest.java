package dev.weir.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.config.Location;
import dev.weir.engine.config.Problem;
import dev.weir.engine.config.Problems;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicPatternTest {
    private static final Location PLACE = new Location("weir.yaml", 3, 10);

    private static TopicPattern parse(String source) {
        var problems = new Problems();
        var pattern = TopicPattern.parse(source, PLACE, problems);
        assertThat(problems.all()).isEmpty();
        return pattern;
    }

    @Test
    void match_withVariables_bindsThemInOrder() {
        var pattern = parse("greenhouse/{zone}/{device}/climate");
        assertThat(pattern.variables()).containsExactly("zone", "device");
        assertThat(pattern.match("greenhouse/north/m-1/climate")).containsExactly("north", "m-1");
    }

    @ParameterizedTest
    @CsvSource({
        "a/+/c, a/b/c, true",
        "a/+/c, a//c, true",
        "a/+/c, a/b/d, false",
        "a/+, a, false",
        "a/#, a, true",
        "a/#, a/b/c, true",
        "a/#, ab, false",
        "#, a/b, true",
        "#, $SYS/b, false",
        "+/b, $SYS/b, false",
        "$SYS/#, $SYS/b, true",
        "{device}/b, x/b, true",
        "{device}/b, /b, false",
        "a/b, a/b/, false",
        "a/b, a/b/c, false",
        "a/b, a, false",
        "a/b, A/b, false",
    })
    void match_anyAddress_followsMqtt(String pattern, String address, boolean expected) {
        assertThat(parse(pattern).match(address) != null).isEqualTo(expected);
    }

    @Test
    void everything_matchesEveryAddress() {
        assertThat(TopicPattern.everything().match("$SYS/a")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "a/#/b, 14, must be the last",
        "a/b{x}, 12, whole level",
        "a/b+, 12, whole level",
        "{x}/{x}, 14, occurs twice",
        "{9x}, 10, letters",
        "{time}, 10, set by the node",
    })
    void parse_mistake_isAProblemAtItsPlace(String pattern, int column, String message) {
        var problems = new Problems();
        TopicPattern.parse(pattern, PLACE, problems);
        assertThat(problems.all())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains(message))
                .extracting(Problem::location)
                .isEqualTo(new Location("weir.yaml", 3, column));
    }
}
