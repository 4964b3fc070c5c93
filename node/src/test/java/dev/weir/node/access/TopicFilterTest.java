package dev.weir.node.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicFilterTest {
    @ParameterizedTest
    @CsvSource({
        "a/b, a/b, true",
        "a/b, a/c, false",
        "a/+, a/b, true",
        "a/+, a, false",
        "a/+, a/b/c, false",
        "a/#, a, true",
        "a/#, a/b/c, true",
        "a/#, ab, false",
        "#, a/b, true",
        "#, $SYS/x, false",
        "+/x, $SYS/x, false",
        "$SYS/#, $SYS/x, true",
        "+/+, /a, true",
        "a/$x/+, a/$x/y, true",
        "+, '', true"
    })
    void matches_ofFilterAndTopic_followsMqtt(String filter, String topic, boolean matches) {
        assertThat(TopicFilter.matches(filter, topic)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource({"$share/g/a/#, a/#", "$share/g, $share/g", "a/b, a/b", "$share/g//a, /a"})
    void unshared_ofFilter_leavesTheGroupOut(String filter, String left) {
        assertThat(TopicFilter.unshared(filter)).isEqualTo(left);
    }

    @ParameterizedTest
    @CsvSource({"a/#/b, '#'", "a#, '#'", "a+/b, +", "'', empty"})
    void whyNot_ofABrokenFilter_saysWhere(String filter, String part) {
        assertThat(TopicFilter.whyNot(filter)).contains(part);
    }
}
