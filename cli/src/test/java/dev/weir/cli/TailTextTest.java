package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TailTextTest {
    @Test
    void of_reading_hasColumnsThenFields() {
        assertThat(TailText.of(
                        "reading",
                        "{\"type\":\"reading\",\"stream\":\"climate\",\"device\":\"mote-3\",\"time\":\"2010-05-09T00:00:00Z\","
                                + "\"source\":\"in\",\"fields\":{\"temperature\":33.25,\"place\":\"out\"}}"))
                .contains("reading  2010-05-09T00:00:00Z  climate         mote-3        temperature=33.25 place=out");
    }

    @Test
    void of_alarm_saysWhatChanged() {
        String alarm = "\"rule\":\"too-hot\",\"device\":\"m\",\"severity\":\"high\",\"text\":\"m: 31 °C\","
                + "\"raisedAt\":\"2010-05-09T00:00:00Z\",\"clearedAt\":\"2010-05-09T01:00:00Z\",\"peak\":33.5}";
        assertThat(TailText.of("alarm", "{\"change\":\"raised\"," + alarm))
                .contains("ALARM    2010-05-09T00:00:00Z  too-hot         m             high: m: 31 °C");
        assertThat(TailText.of("alarm", "{\"change\":\"cleared\"," + alarm))
                .contains("cleared  2010-05-09T01:00:00Z  too-hot         m             high, peak 33.5");
        assertThat(TailText.of("alarm", "{\"change\":\"peaked\"," + alarm)).isEmpty();
    }

    @Test
    void of_command_saysWhatBecameOfIt() {
        assertThat(TailText.of(
                        "command",
                        "{\"rule\":\"too-hot\",\"device\":\"m\",\"address\":\"fan\",\"payload\":\"{}\",\"outcome\":\"failed\","
                                + "\"detail\":\"refused\"}"))
                .contains("command                        too-hot         m             fan {}  failed: refused");
    }

    @Test
    void of_lost_saysHowMany() {
        assertThat(TailText.of("lost", "{\"type\":\"lost\",\"count\":12}").orElseThrow())
                .startsWith("lost     12 events");
    }

    @Test
    void of_somethingElse_isShownAsItIs() {
        assertThat(TailText.of("news", "no json")).contains("news  no json");
        assertThat(TailText.of("news", "{\"a\":1}")).contains("news  a=1");
    }
}
