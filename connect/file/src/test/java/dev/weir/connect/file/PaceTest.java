package dev.weir.connect.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.connect.file.FileOptions.Timing;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long SECOND = 1_000_000_000;

    private final AtomicLong clock = new AtomicLong(5 * SECOND);

    private Pace pace(double speed) {
        return new Pace(new Timing("ts", 1_000_000, speed), clock::get);
    }

    @Test
    void delay_isTheRecordingsDividedBySpeed() {
        Pace pace = pace(60);
        assertThat(pace.delayNanos(1000 * SECOND)).isZero();
        assertThat(pace.delayNanos(1120 * SECOND)).isEqualTo(2 * SECOND);
        clock.addAndGet(3 * SECOND);
        assertThat(pace.delayNanos(1120 * SECOND)).isZero();
        assertThat(pace.delayNanos(1240 * SECOND)).isEqualTo(SECOND);
    }

    @Test
    void delay_ofTimesThatGoBack_isNone() {
        Pace pace = pace(1);
        pace.delayNanos(1000 * SECOND);
        assertThat(pace.delayNanos(10 * SECOND)).isZero();
    }

    @Test
    void delay_afterRestart_beginsAnew() {
        Pace pace = pace(1);
        pace.delayNanos(1000 * SECOND);
        pace.restart();
        assertThat(pace.delayNanos(2000 * SECOND)).isZero();
        assertThat(pace.delayNanos(2001 * SECOND)).isEqualTo(SECOND);
    }

    @Test
    void time_isFoundInJsonAndInColumns() {
        Pace pace = pace(1);
        OptionalLong noon =
                OptionalLong.of(Instant.parse("2026-05-09T12:00:00Z").getEpochSecond() * SECOND);
        assertThat(pace.time(null, "{\"a\":{\"ts\":1},\"ts\":\"2026-05-09T14:00:00+02:00\"}"))
                .isEqualTo(noon);
        assertThat(pace.time(null, "{\"ts\":1778328000000}")).isEqualTo(noon);
        assertThat(pace.time("device;ts", "\"a;b\";2026-05-09 12:00:00")).isEqualTo(noon);
    }

    @Test
    void time_ofLinesWithout_isNone() {
        Pace pace = pace(1);
        for (String line :
                new String[] {"", "x", "[1]", "{\"ts\":", "{\"ts\":{}}", "{\"ts\":\"soon\"}", "{\"ts\":null}"}) {
            assertThat(pace.time(null, line)).as(line).isEmpty();
        }
        assertThat(pace.time("a,b", "1,2")).isEmpty();
        assertThat(pace.time("a,ts", "1")).isEmpty();
    }
}
