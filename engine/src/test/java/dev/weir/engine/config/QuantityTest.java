package dev.weir.engine.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {
    @ParameterizedTest
    @CsvSource({
        "250ms,PT0.25S",
        "10s,PT10S",
        "5m,PT5M",
        "2h,PT2H",
        "30d,PT720H",
        "1h30m,PT1H30M",
        "1m1ms,PT1M0.001S",
        "0s,PT0S"
    })
    void parse_withDuration_readsAndWritesIt(String text, Duration duration) {
        assertThat(DurationText.parse(text)).hasValue(duration);
        assertThat(DurationText.format(duration)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "10 s", "s", "-1s", "1.5s", "5M", "30m1h", "1s1s", "1h 30m", "10sec", "1e3s"})
    void parse_withNoDuration_isEmpty(String text) {
        assertThat(DurationText.parse(text)).isEmpty();
    }

    @Test
    void parse_withLongestDuration_doesNotOverflow() {
        assertThat(DurationText.parse("999999999999d")).isPresent();
        assertThat(DurationText.parse("9999999999999d")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"10 sec,10s", "5 Minutes,5m", "2hrs,2h", "30 DAYS,30d", "7 msec,7ms"})
    void guess_withOtherSpelling_findsTheDuration(String text, String meant) {
        assertThat(DurationText.guess(text)).hasValue(meant);
    }

    @ParameterizedTest
    @CsvSource({"0,0", "512,512", "64KiB,65536", "1GiB,1073741824", "3MiB,3145728"})
    void parse_withSize_readsAndWritesIt(String text, long bytes) {
        assertThat(SizeText.parse(text)).hasValue(bytes);
        assertThat(SizeText.format(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"10MB,10000000", "2KB,2000", "7B,7", "1TiB,1099511627776"})
    void parse_withDecimalUnit_readsIt(String text, long bytes) {
        assertThat(SizeText.parse(text)).hasValue(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "KiB", "1.5GiB", "-1", "10 MB", "10mb", "99999999TiB", "9999999999999999999"})
    void parse_withNoSize_isEmpty(String text) {
        assertThat(SizeText.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"64 kb,64KB", "10m,10MiB", "1 gib,1GiB", "5 bytes,5B"})
    void guess_withOtherSpelling_findsTheSize(String text, String meant) {
        assertThat(SizeText.guess(text)).hasValue(meant);
    }

    @ParameterizedTest
    @CsvSource({
        "1883,127.0.0.1,1883",
        "0.0.0.0:0,0.0.0.0,0",
        "[::1]:5683,::1,5683",
        "a-b.example:65535,a-b.example,65535",
        "[fe80::1%eth0]:1,fe80::1%eth0,1"
    })
    void read_withAddress_givesHostAndPort(String text, String host, int port) {
        assertThat(AddressReader.read(scalar(text))).isEqualTo(new ScalarReader.Result.Read(new HostPort(host, port)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":1883",
                "a",
                "a:",
                "a:b",
                "a:65536",
                "1.2.3:1",
                "1.2.3.4.5:1",
                "[1.2.3.4]:1",
                "[::1]",
                "http://a:1",
                "a b:1",
                "-a:1",
                "[::1",
                "::1:5",
                "a:1:2",
                "99999999999",
                "a:99999999999"
            })
    void read_withNoAddress_saysWhatWasExpected(String text) {
        assertThat(AddressReader.read(scalar(text))).isInstanceOf(ScalarReader.Result.Wrong.class);
    }

    private static Tree.Scalar scalar(String text) {
        return new Tree.Scalar(new Location("f", 1, 1), text, false, false);
    }
}
