package dev.weir.node.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.access.Identity.Verdict;
import dev.weir.engine.config.ConfigFile;
import dev.weir.engine.config.Problem;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Yaml;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RulesTest {
    private static final String RULES = """
            users:
              operator: { password: "$2b$10$abcdefghijklmnopqrstuuZ0xPSNnZo8ozWGKOWfV4GCtQ6T8.zWi" }
            rules:
              - { who: everyone, may: [publish, subscribe], topics: "greenhouse/#" }
              - { who: [operator], may: [publish, subscribe], topics: ["#"] }
              - { who: devices, may: publish, topics: ["plant/+/%u/#", "c/%c"] }
              - { who: certificates, may: subscribe, topics: "certs/%u" }
              - { who: anonymous, may-not: publish, topics: "greenhouse/+/set" }
              - { who: everyone, may-not: subscribe, topics: ["test/nosubscribe"], hide: true }
              - { who: everyone, may-not: subscribe, topics: ["greenhouse/secret/#"] }
            """;

    private final Problems problems = new Problems();

    private AccessConfig config(String yaml) {
        return AccessConfig.of(
                Section.check(
                        Yaml.parse(new ConfigFile("test.yaml", yaml), Map.of(), problems)
                                .orElseThrow(),
                        AccessShape.of(),
                        problems),
                problems);
    }

    private Member member(String name, Kind kind) {
        List<Rule> rules = config(RULES).rules();
        assertThat(problems.all()).isEmpty();
        return new Member(name, kind, rules, () -> false);
    }

    @ParameterizedTest
    @CsvSource({
        "anonymous, ANONYMOUS, x, greenhouse/a, ALLOWED",
        "anonymous, ANONYMOUS, x, greenhouse/a/set, FORBIDDEN",
        "anonymous, ANONYMOUS, x, other, FORBIDDEN",
        "operator, USER, x, other/topic, ALLOWED",
        "operator, USER, x, greenhouse/a/set, ALLOWED",
        "operator, USER, x, $SYS/broker, FORBIDDEN",
        "pump-1, DEVICE, x, plant/7/pump-1/t, ALLOWED",
        "pump-1, DEVICE, x, plant/7/pump-1, ALLOWED",
        "pump-1, DEVICE, x, plant/7/pump-2/t, FORBIDDEN",
        "pump-1, CERTIFICATE, x, plant/7/pump-1/t, FORBIDDEN",
        "pump-1, DEVICE, mine, c/mine, ALLOWED",
        "pump-1, DEVICE, mine, c/other, FORBIDDEN",
        "pump-1, DEVICE, +, c/other, FORBIDDEN",
        "pump-1, DEVICE, a/b, c/a/b, FORBIDDEN",
        "pump-1, DEVICE, '', c/, FORBIDDEN",
        "+, DEVICE, x, plant/7/anything, FORBIDDEN",
        "a/b, DEVICE, x, plant/7/a/b, FORBIDDEN",
        "pump-1, DEVICE, %u, c/pump-1, FORBIDDEN",
        "pump-1, DEVICE, %u, c/%u, ALLOWED"
    })
    void mayPublish_byRules(String name, Kind kind, String client, String topic, Verdict verdict) {
        assertThat(member(name, kind).mayPublish(topic, client)).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({
        "anonymous, ANONYMOUS, greenhouse/a/#, ALLOWED",
        "anonymous, ANONYMOUS, greenhouse/#, PARTLY",
        "anonymous, ANONYMOUS, $share/g/greenhouse/#, PARTLY",
        "anonymous, ANONYMOUS, greenhouse/+/x, PARTLY",
        "anonymous, ANONYMOUS, greenhouse/secret/+, FORBIDDEN",
        "anonymous, ANONYMOUS, test/nosubscribe, HIDDEN",
        "anonymous, ANONYMOUS, $share/g/test/nosubscribe, HIDDEN",
        "anonymous, ANONYMOUS, #, FORBIDDEN",
        "anonymous, ANONYMOUS, +/a, FORBIDDEN",
        "operator, USER, #, PARTLY",
        "operator, USER, $SYS/#, FORBIDDEN",
        "operator, USER, test/+, PARTLY",
        "operator, USER, test/a, ALLOWED",
        "cam, CERTIFICATE, certs/cam, ALLOWED",
        "cam, CERTIFICATE, certs/+, FORBIDDEN",
        "operator, CERTIFICATE, any/thing, ALLOWED"
    })
    void maySubscribe_byRules(String name, Kind kind, String filter, Verdict verdict) {
        assertThat(member(name, kind).maySubscribe(filter, name)).isEqualTo(verdict);
    }

    @Test
    void mayReceive_ofAPartlyAllowedFilter_leavesTheForbiddenOut() {
        Member operator = member("operator", Kind.USER);

        assertThat(operator.mayReceive("greenhouse/a", "x")).isTrue();
        assertThat(operator.mayReceive("greenhouse/secret/a", "x")).isFalse();
        assertThat(operator.mayReceive("test/nosubscribe", "x")).isFalse();
        assertThat(operator.mayReceive("$SYS/a", "x")).isFalse();
    }

    @Test
    void everything_withoutRules_isAllowed() {
        Member anybody = new Member(
                "anonymous", Kind.ANONYMOUS, config("anonymous: loopback\n").rules(), () -> false);

        assertThat(anybody.mayPublish("$SYS/x", "c")).isEqualTo(Verdict.ALLOWED);
        assertThat(anybody.maySubscribe("#", "c")).isEqualTo(Verdict.ALLOWED);
        assertThat(anybody.mayReceive("a", "c")).isTrue();
    }

    @Test
    void certificate_calledLikeAWordOfTheRules_isNotThatWord() {
        List<Rule> rules = config("rules: [{ who: [users], may: publish, topics: \"#\" }]\n")
                .rules();

        assertThat(new Member("users", Kind.CERTIFICATE, rules, () -> false).mayPublish("a", "c"))
                .isEqualTo(Verdict.FORBIDDEN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rules: [{ who: everyone, topics: a }] | either 'may' or 'may-not'",
                "rules: [{ who: everyone, may: publish, may-not: publish, topics: a }] | either 'may' or 'may-not'",
                "rules: [{ who: everyone, may: publish, topics: \"a/#/b\" }] | has a '#'",
                "rules: [{ who: everyone, may: publish, topics: \"a/%d\" }] | '%d'",
                "rules: [{ who: everyone, may-not: publish, topics: a }] | nobody may do anything",
                "rules: [{ who: [], may: publish, topics: a }] | 'who' must name",
                "users: { everyone: { password: \"$2b$10$abcdefghijklmnopqrstuuZ0xPSNnZo8ozWGKOWfV4GCtQ6T8.zWi\" } } | word",
                "users: { ann: { password: secret } } | weir password",
                "users: { ann: { password: \"$2b$31$abcdefghijklmnopqrstuuZ0xPSNnZo8ozWGKOWfV4GCtQ6T8.zWi\" } } | cost 14",
                "users: { ann: { password: \"$2y$05$abcdefghijklmnopqrstuuZ0xPSNnZo8ozWGKOWfV4GCtQ6T8.zWi\" } } | quick to guess",
                "users: { ann: { } } | either 'password' or 'password-file'",
                "users: { ann: { password-file: /nowhere/hash } } | does not exist",
            })
    void of_aMistake_saysWhatIsWrong(String yaml, String part) {
        config(yaml + "\n");

        assertThat(problems.all()).extracting(Problem::message).anyMatch(message -> message.contains(part));
    }

    @Test
    void of_aPlainPassword_doesNotShowIt() {
        config("users: { ann: { password: hunter2hunter2 } }\n");

        assertThat(problems.all())
                .isNotEmpty()
                .noneMatch(problem -> problem.message().contains("hunter2"));
    }

    @Test
    void shape_isWellFormed() {
        AccessShape.of().verify();
    }
}
