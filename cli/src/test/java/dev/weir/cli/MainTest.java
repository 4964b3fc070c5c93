package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MainTest {
    private final Captured out = new Captured();
    private final Captured err = new Captured();

    private int run(String... arguments) {
        CommandLine line = Main.line(out.writer());
        line.setErr(err.writer());
        return line.execute(arguments);
    }

    @Test
    void run_withVersion_namesWeirAndJava() {
        assertThat(run("--version")).isZero();
        assertThat(out.text()).startsWith("weir ").contains("Java 25");
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "run", "check", "size", "send", "tail", "credentials", "password"})
    void run_withHelpOfACommand_isTheSameBothWays(String command) {
        assertThat(run(command, "--help")).isZero();
        String help = out.text();
        assertThat(help).startsWith("Usage: weir " + command).contains("Exit codes:");
        assertThat(run("help", command)).isZero();
        assertThat(out.text()).isEqualTo(help + help);
        assertThat(run(command, "--version")).isZero();
        assertThat(out.text()).contains("Java 25");
    }

    @Test
    void run_withHelp_fitsEightyColumns() {
        assertThat(run("--help")).isZero();
        assertThat(out.text().lines()).allMatch(line -> line.length() <= 80);
    }

    @Test
    void run_withoutCommand_saysWhichThereAre() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.text())
                .contains("weir: a command is missing")
                .contains("Commands: demo, run, check, size, connectors, send, tail, credentials, password")
                .contains("weir --help");
        assertThat(out.text()).isEmpty();
    }

    @Test
    void run_withMisspeltCommand_suggestsTheNearest() {
        assertThat(run("chek")).isEqualTo(2);
        assertThat(err.text()).contains("chek").contains("check");
    }

    @Test
    void run_withUnknownOption_pointsToTheHelpOfThatCommand() {
        assertThat(run("send", "--topik", "x")).isEqualTo(2);
        assertThat(err.text()).contains("weir send --help").doesNotContain("Usage");
    }

    @Test
    void run_ofMissingFile_isExitCodeTwo() {
        assertThat(run("run", "/nowhere/none.yaml")).isEqualTo(2);
        assertThat(out.text()).contains("none.yaml").contains("there is no such file");
    }

    @Test
    void send_ofMissingFile_isOneLine() {
        assertThat(run("send", "/nowhere/none.csv", "--to", "mqtt://127.0.0.1", "--topic", "t"))
                .isEqualTo(1);
        assertThat(err.text().strip()).isEqualTo("weir: no such file: /nowhere/none.csv");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1", "127.0.0.1", "mqtt://127.0.0.1:99999", "mqtt:x"})
    void send_toAWrongTarget_isWrongUsage(String target) {
        assertThat(run("send", "-", "--to", target, "--topic", "t")).isEqualTo(2);
        assertThat(err.text()).contains("--to");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--speed=0", "--speed=NaN", "--speed=Infinity", "--qos=2", "--window=0", "--window=65536"})
    void send_withValueOutOfBounds_saysTheBounds(String option) {
        assertThat(run("send", "-", "--to", "mqtt://127.0.0.1", "--topic", "t", option))
                .isEqualTo(2);
        assertThat(err.text()).contains("--speed must be above 0, --qos 0 or 1, --window 1 to 65535");
    }

    @ParameterizedTest
    @ValueSource(strings = {"foo", "ftp://h", "http:"})
    void tail_ofWrongUrl_isWrongUsage(String url) {
        assertThat(run("tail", "--url", url)).isEqualTo(2);
        assertThat(err.text()).contains("--url");
    }

    @Test
    void tail_whereNobodyListens_asksWhetherItRuns() {
        assertThat(run("tail", "--url", "http://127.0.0.1:1")).isEqualTo(1);
        assertThat(err.text()).contains("no node answers at http://127.0.0.1:1");
    }
}
