package dev.weir.connect.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final long SECOND = 1_000_000_000;

    private final Report report = new Report(SystemSourceIT.options(
            "{ heartbeat: 60s, deadband: { temperature: 0.5, memory: 10% } }", Duration.ofSeconds(1)));

    private static Sample temperature(double celsius) {
        return new Sample(Metric.TEMPERATURE, "").with("cpu", celsius);
    }

    private static Sample memory(long used) {
        return new Sample(Metric.MEMORY, "").with("used", used);
    }

    @Test
    void value_withinItsDeadband_isNoNewsUntilItHasMovedFromTheLastSent() {
        assertThat(report.isNews(temperature(40), 0)).isTrue();
        assertThat(report.isNews(temperature(40.4), SECOND)).isFalse();
        assertThat(report.isNews(temperature(39.6), SECOND)).isFalse();
        assertThat(report.isNews(temperature(40.6), SECOND)).isTrue();
        assertThat(report.isNews(temperature(40.4), SECOND)).isFalse();
    }

    @Test
    void value_inPercent_isComparedWithTheLastSent() {
        assertThat(report.isNews(memory(1000), 0)).isTrue();
        assertThat(report.isNews(memory(1099), 0)).isFalse();
        assertThat(report.isNews(memory(1101), 0)).isTrue();
        assertThat(report.isNews(memory(1000), 0)).isFalse();
    }

    @Test
    void value_thatDoesNotMove_comesWithTheHeartbeat() {
        assertThat(report.isNews(temperature(40), 0)).isTrue();
        assertThat(report.isNews(temperature(40), 59 * SECOND)).isFalse();
        assertThat(report.isNews(temperature(40), 60 * SECOND)).isTrue();
        assertThat(report.isNews(temperature(40), 61 * SECOND)).isFalse();
    }

    @Test
    void counter_thatGrows_isNoNews() {
        assertThat(report.isNews(new Sample(Metric.NETWORK, "eth0").counter("bytes_in", 1), 0))
                .isTrue();
        assertThat(report.isNews(new Sample(Metric.NETWORK, "eth0").counter("bytes_in", 1000), 0))
                .isFalse();
    }

    @Test
    void value_thatComesOrGoes_isNews() {
        assertThat(report.isNews(temperature(40), 0)).isTrue();
        assertThat(report.isNews(temperature(40).with("board", 30.0), 0)).isTrue();
        assertThat(report.isNews(temperature(40), 0)).isTrue();
    }

    @Test
    void part_thatWasAway_isNews() {
        Sample disk = new Sample(Metric.DISK, "usb").with("free", 5L);
        assertThat(report.isNews(disk, 0)).isTrue();
        report.keep(Set.of("cpu"));
        assertThat(report.isNews(disk, 0)).isTrue();
    }

    @Test
    void sample_asJson_hasOnlyWhatIsThere() {
        Sample sample = new Sample(Metric.DISK, "root")
                .text("mount", "/a\"b\\\n")
                .with("used", 1234567890123L)
                .with("load", 0.12345)
                .with("broken", Double.NaN)
                .counter("errors", -1);
        assertThat(sample.json(7))
                .isEqualTo("{\"ts\":7,\"mount\":\"/a\\\"b\\\\_\",\"used\":1234567890123,\"load\":0.123}");
    }

    @Test
    void names_areMatchedAndMadeFitForAnAddress() {
        Names names = new Names(List.of("/*"), List.of("/snap/*", "/mnt/?"));
        assertThat(names.has("/")).isTrue();
        assertThat(names.has("/snap/core")).isFalse();
        assertThat(names.has("/mnt/a")).isFalse();
        assertThat(names.has("/mnt/ab")).isTrue();
        assertThat(Names.level("/")).isEqualTo("root");
        assertThat(Names.level("/var/log/")).isEqualTo("var-log");
        assertThat(Names.level("C:\\#+")).isEqualTo("C_-__");
    }

    @Test
    void deadband_isANumberOrAPercentage() {
        assertThat(Deadband.parse("2%")).isEqualTo(new Deadband(2, true));
        assertThat(Deadband.parse("0.5")).isEqualTo(new Deadband(0.5, false));
        for (String wrong : List.of("", "%", "-1", "NaN", "1e99")) {
            assertThatThrownBy(() -> Deadband.parse(wrong)).as(wrong).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
