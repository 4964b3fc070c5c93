package dev.weir.engine.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
    private static String of(String text) {
        return Redaction.of(new ConfigFile("node.yaml", text), _ -> false);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password: hunter2",
                "  \"password\": hunter2",
                "x: { user: a, client-secret: hunter2 }",
                "headers: { Authorization: \"Bearer hunter2\" }",
                "api_key=hunter2",
                "key-password: hunter2",
                "url: \"nats://ann:hunter2@host:4222\""
            })
    void of_lineThatNamesASecret_leavesItOut(String line) {
        assertThat(of("node: a\n" + line + "\nmemory: 1MiB\n"))
                .doesNotContain("hunter2")
                .startsWith("node: a\n")
                .endsWith("\nmemory: 1MiB\n");
    }

    @Test
    void of_blockBelowASecret_leavesItOutToTheEnd() {
        assertThat(of("a:\n  secret: |\n    line one\n\n    line two\n  plain: 1\n"))
                .doesNotContain("line one", "line two")
                .contains("plain: 1");
    }

    @Test
    void of_lineTheChecksConceal_leavesItOut() {
        assertThat(Redaction.of(new ConfigFile("n", "a: 1\nb: hunter2\n"), line -> line == 2))
                .contains("a: 1")
                .doesNotContain("hunter2");
    }

    @Test
    void of_whatIsNoSecret_staysAsItIs() {
        String text = "# comment\nnode: a\nsources:\n  devices: { mqtt: { listen: \"127.0.0.1:1883\" } }\n";
        assertThat(of(text)).isEqualTo(text);
    }
}
