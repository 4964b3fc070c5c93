package dev.weir.node.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.config.Problems;
import dev.weir.testkit.FromConfig;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TracingConfigTest {
    private final Problems problems = new Problems();

    private TracingConfig read(String yaml) {
        return TracingConfig.of(FromConfig.section(TracingConfig.shape(), yaml, problems), problems);
    }

    @ParameterizedTest
    @CsvSource({
        "http://c:4318, http://c:4318/v1/traces",
        "http://c:4318/, http://c:4318/v1/traces",
        "https://c/otlp, https://c/otlp/v1/traces",
        "http://c:4318/v1/traces, http://c:4318/v1/traces"
    })
    void otlp_ofACollector_getsThePathOfTraces(String given, String used) {
        assertThat(read("otlp: \"" + given + "\"").otlp()).contains(URI.create(used));
        assertThat(problems.all()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://user:hunter2@c:4318", "http://c:4318?key=hunter2"})
    void otlp_withASecretInIt_isRefusedWithoutShowingIt(String url) {
        read("otlp: \"" + url + "\"");
        assertThat(problems.all()).hasSize(1);
        assertThat(problems.all().toString()).contains("headers").doesNotContain("hunter2");
    }

    @Test
    void headers_areNeverShown() {
        TracingConfig config = read("headers: { api-key: s3cret }");
        assertThat(config.headers()).containsEntry("api-key", "s3cret");
        assertThat(config.toString()).contains("api-key").doesNotContain("s3cret");
        read("headers: { api-key: \"s3\\ncret\" }");
        assertThat(problems.all()).hasSize(1);
        assertThat(problems.all().toString()).contains("api-key").doesNotContain("cret");
    }
}
