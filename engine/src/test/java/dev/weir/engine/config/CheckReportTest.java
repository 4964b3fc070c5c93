package dev.weir.engine.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class CheckReportTest {
    private final Problems problems = new Problems();

    private CheckReport report(String text) {
        return new CheckReport(Optional.of(new ConfigFile("f", text)), problems);
    }

    private static Location at(int line, int column) {
        return new Location("f", line, column);
    }

    @Test
    void render_withProblems_sortsThemAndShowsTheLines() {
        problems.error(at(2, 4), "late");
        problems.warning(at(1, 1), "early");

        assertThat(report("a: 1\nb: 2\n").render()).isEqualTo("""
                f:1:1: warning: early
                    a: 1
                    ^
                f:2:4: error: late
                    b: 2
                       ^
                1 error, 1 warning
                """);
        assertThat(report("").exitCode()).isEqualTo(1);
    }

    @Test
    void render_withWarningsOnly_exits0() {
        problems.warning(at(1, 1), "early");

        assertThat(report("a").exitCode()).isZero();
    }

    @Test
    void render_withTabsAndTerminalCodes_showsSpaces() {
        problems.error(at(1, 3), "bad \u001B[31m value");

        assertThat(report("\t\u001B[2J").render()).isEqualTo("""
                f:1:3: error: bad  [31m value
                      [2J
                      ^
                1 error, 0 warnings
                """);
    }

    @Test
    void render_withLongLine_showsThePartAroundTheCaret() {
        problems.error(at(1, 501), "here");

        String line = report("a".repeat(500) + "X" + "b".repeat(500))
                .render()
                .lines()
                .toList()
                .get(1);
        String caret = report("a".repeat(500) + "X" + "b".repeat(500))
                .render()
                .lines()
                .toList()
                .get(2);

        assertThat(line)
                .hasSizeLessThan(120)
                .contains("aXb")
                .startsWith("    …")
                .endsWith("…");
        assertThat(caret.indexOf('^')).isEqualTo(line.indexOf('X'));
    }

    @Test
    void render_withSecretInTheLine_doesNotShowTheLine() {
        problems.conceal(at(1, 3));
        problems.error(at(1, 1), "wrong");

        assertThat(report("p: hunter2").render()).doesNotContain("hunter2").contains("holds a secret");
    }

    @Test
    void render_withPlaceBehindTheEnd_showsTheMessageAlone() {
        problems.error(at(9, 9), "end");

        assertThat(report("a").render()).isEqualTo("f:9:9: error: end\n1 error, 0 warnings\n");
    }

    @Test
    void problems_withThousandWarnings_stillKnowOfTheError() {
        for (int i = 0; i < 1500; i++) {
            problems.warning(at(i + 1, 1), "w");
        }
        problems.error(at(1, 1), "e");

        assertThat(problems.hasErrors()).isTrue();
        assertThat(problems.all()).hasSize(1000);
        assertThat(report("").summary()).contains("there may be more");
    }
}
