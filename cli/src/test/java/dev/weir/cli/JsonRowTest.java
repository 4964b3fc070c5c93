package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonRowTest {
    @ParameterizedTest
    @CsvSource({"1,1", "-0.5,-0.5", "1e3,1e3", "007,\"007\"", "+1,\"+1\"", "1.,\"1.\"", "NaN,\"NaN\"", "true,true"})
    void write_ofCell_isANumberOnlyWhereJsonHasIt(String cell, String json) {
        assertThat(JsonRow.write(Map.of("v", cell))).isEqualTo("{\"v\":" + json + "}");
    }

    @Test
    void write_ofTextWithQuotesAndControls_escapesThem() {
        assertThat(JsonRow.write(Map.of("v", "a\"\n"))).isEqualTo("{\"v\":\"a\\\"\\n\"}");
    }

    @Test
    void read_ofNestedObject_prefersTheOuterValue() {
        assertThat(JsonRow.read(
                        "{\"fields\":{\"device\":\"in\",\"t\":1},\"device\":\"out\",\"l\":[1,{\"t\":2}],\"n\":null}"))
                .containsOnly(Map.entry("device", "out"), Map.entry("t", "1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[1]", "{", "{\"a\":1} {\"b\":2}", "{\"a\":1}x", "{\"a\":tru}"})
    void read_ofWhatIsNoObject_fails(String text) {
        assertThatThrownBy(() -> JsonRow.read(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
