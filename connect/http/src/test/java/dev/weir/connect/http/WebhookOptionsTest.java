package dev.weir.connect.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.Connector;
import dev.weir.engine.config.ConfigFile;
import dev.weir.engine.config.Problem;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Shape;
import dev.weir.engine.config.Yaml;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class WebhookOptionsTest {
    private final Problems problems = new Problems();

    private Section section(String yaml, Shape shape) {
        return Section.check(
                Yaml.parse(new ConfigFile("f", yaml), Map.of(), problems).orElseThrow(), shape, problems);
    }

    @Test
    void sink_withDefaults_isComplete() {
        WebhookOptions options = WebhookOptions.sink(
                section("{ url: \"https://h/x\", headers: { Authorization: abc } }", WebhookOptions.SINK), problems);
        assertThat(problems.all()).isEmpty();
        assertThat(options)
                .isEqualTo(new WebhookOptions(
                        "https://h/x",
                        Map.of("Authorization", "abc"),
                        Duration.ofSeconds(10),
                        1,
                        Duration.ofMinutes(1),
                        false));
        assertThat(options.toString()).doesNotContain("abc");
    }

    @Test
    void headers_thatCannotBeSet_areProblemsWithoutTheirValue() {
        WebhookOptions.sink(
                section(
                        "{ url: \"https://h/x\", headers: { Host: abc, \"a b\": abc, X: \"abc\\u0001\" } }",
                        WebhookOptions.SINK),
                problems);
        assertThat(problems.all()).hasSize(3).extracting(Problem::message).noneMatch(text -> text.contains("abc"));
    }

    @Test
    void action_otherScheme_isAProblem() {
        WebhookOptions.action(section("url: \"ftp://h/{device}\"", WebhookOptions.ACTION), problems);
        assertThat(problems.all())
                .extracting(Problem::message)
                .singleElement()
                .asString()
                .contains("http://");
    }

    @Test
    void retryAfter_secondsAndDates_areUnderstood() {
        InstantSource clock = InstantSource.fixed(Instant.parse("2015-10-21T07:27:00Z"));
        assertThat(Answer.retryAfter(Optional.of("120"), clock)).contains(Duration.ofMinutes(2));
        assertThat(Answer.retryAfter(Optional.of("Wed, 21 Oct 2015 07:28:00 GMT"), clock))
                .contains(Duration.ofMinutes(1));
        assertThat(Answer.retryAfter(Optional.of("Wed, 21 Oct 2015 07:00:00 GMT"), clock))
                .isEmpty();
        assertThat(Answer.retryAfter(Optional.of("-5"), clock)).isEmpty();
        assertThat(Answer.retryAfter(Optional.of("99999999999999999999"), clock))
                .isEmpty();
        assertThat(Answer.retryAfter(Optional.empty(), clock)).isEmpty();
    }

    @Test
    void serviceLoader_findsTheConnector() {
        assertThat(ServiceLoader.load(Connector.class).stream()
                        .map(provider -> provider.get().name()))
                .contains("webhook");
    }
}
