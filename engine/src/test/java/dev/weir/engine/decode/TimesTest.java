package dev.weir.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {
    private static Instant instant(long nanos) {
        return Instant.ofEpochSecond(0, nanos);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
                    2010-05-10T12:34:56Z, 2010-05-10T12:34:56Z
                    2010-05-10t12:34:56z, 2010-05-10T12:34:56Z
                    2010-05-10 12:34:56, 2010-05-10T12:34:56Z
                    2010-05-10T12:34, 2010-05-10T12:34:00Z
                    2010-05-10, 2010-05-10T00:00:00Z
                    '2010-05-10T12:34:56,5Z', 2010-05-10T12:34:56.5Z
                    2010-05-10T12:34:56.1234567899Z, 2010-05-10T12:34:56.123456789Z
                    2010-05-10T12:34:56-0330, 2010-05-10T16:04:56Z
                    2010-05-10T12:34:56+02, 2010-05-10T10:34:56Z
                    2016-12-31T23:59:60Z, 2017-01-01T00:00:00Z
                    2000-02-29T00:00:00Z, 2000-02-29T00:00:00Z
                    1677-09-21T00:12:43.145224192Z, 1677-09-21T00:12:43.145224192Z
                    2262-04-11T23:47:16.854775807Z, 2262-04-11T23:47:16.854775807Z
                    0, 1970-01-01T00:00:00Z
                    -1, 1969-12-31T23:59:59.999Z
                    1273494896500, 2010-05-10T12:34:56.5Z
                    1.2734948965e12, 2010-05-10T12:34:56.5Z
                    0.5, 1970-01-01T00:00:00.0005Z
                    """)
    void parse_eachForm_isThatTime(String text, Instant expected) throws Exception {
        assertThat(instant(Times.parse(text, EpochUnit.MS))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "-",
                "1-",
                "2010-13-01",
                "2010-00-01",
                "2010-02-29",
                "1900-02-29",
                "2010-05-10T24:00:00Z",
                "2010-05-10T12",
                "2010-05-10T12:34:56.Z",
                "2010-05-10T12:34:56+",
                "2010-05-10T12:34:56+2",
                "2010-05-10T12:34:56+19:00",
                "2010-05-10T12:34:56Zx",
                "2010-05-10x12:34",
                "1677-09-21T00:12:43Z",
                "2262-04-11T23:47:17Z",
                "9999-12-31",
                "0000-01-01",
                "9223372036855",
                "1e999",
                "1e9999999",
                "1e",
                "1.",
                ".5",
                "1.5x",
                "１２３",
                "2010-05-10T12:34:61Z",
                "00000000000000000000000000000000000000000000000000000000000000000"
            })
    void parse_anythingElse_isRefused(String text) {
        assertThatThrownBy(() -> Times.parse(text, EpochUnit.MS))
                .isInstanceOf(DecodeException.class)
                .hasMessageContaining("time ");
    }

    @ParameterizedTest
    @CsvSource({"S, 1.5, 1500000000", "MS, 1.5, 1500000", "US, 1.5, 1500", "NS, 1.5, 1", "S, -1.5, -1500000000"})
    void parse_numberInAUnit_isScaled(EpochUnit unit, String text, long nanos) throws Exception {
        assertThat(Times.parse(text, unit)).isEqualTo(nanos);
    }

    @Test
    void parse_anyNanosecondInAnyOffset_agreesWithTheJdk() throws Exception {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 100_000; i++) {
            long nanos = random.nextLong() / 2;
            ZoneOffset offset = ZoneOffset.ofTotalSeconds(random.nextInt(-18 * 60, 18 * 60 + 1) * 60);
            String text =
                    DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(instant(nanos).atOffset(offset));
            assertThat(Times.parse(text, EpochUnit.MS))
                    .as("seed %d, %s", seed, text)
                    .isEqualTo(nanos);
        }
    }
}
