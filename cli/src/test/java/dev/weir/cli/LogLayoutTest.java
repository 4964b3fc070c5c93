package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class LogLayoutTest {
    private static final Logger LOGGER = new LoggerContext().getLogger("node");

    private static String line(
            LogLayout.Format format, String message, @Nullable Throwable failure, KeyValuePair... pairs) {
        LoggingEvent event = new LoggingEvent("", LOGGER, Level.WARN, message, failure, null);
        event.setInstant(Instant.EPOCH);
        event.setMDCPropertyMap(Map.of());
        for (KeyValuePair pair : pairs) {
            event.addKeyValuePair(pair);
        }
        return new LogLayout(format).doLayout(event);
    }

    @Test
    void doLayout_asKeyValue_quotesOnlyWhatNeedsIt() {
        assertThat(line(
                        LogLayout.Format.KEY_VALUE,
                        "source listens",
                        null,
                        new KeyValuePair("source", "devices"),
                        new KeyValuePair("empty", ""),
                        new KeyValuePair("eq", "a=b"),
                        new KeyValuePair("none", null)))
                .isEqualTo("time=1970-01-01T00:00:00Z level=warn logger=node msg=\"source listens\" source=devices"
                        + " empty=\"\" eq=\"a=b\" none=null\n");
    }

    @Test
    void doLayout_asJson_isOneObject() {
        assertThat(line(LogLayout.Format.JSON, "say \"hi\"", null, new KeyValuePair("n", 5)))
                .isEqualTo("{\"time\":\"1970-01-01T00:00:00Z\",\"level\":\"warn\",\"logger\":\"node\","
                        + "\"msg\":\"say \\\"hi\\\"\",\"n\":\"5\"}\n");
    }

    @Test
    void doLayout_ofHostileText_staysOneLineWithoutControls() {
        String hostile = "x\nlevel=error\r\u001b[2J\u0000\u0085\u2028\u009b";
        for (LogLayout.Format format : LogLayout.Format.values()) {
            String line = line(format, hostile, null, new KeyValuePair("device", hostile));
            assertThat(line.strip().chars()).noneMatch(c -> Character.isISOControl(c) || c == 0x2028);
            assertThat(line).contains("x\\nlevel=error\\r\\u001b[2J\\u0000\\u0085\\u2028\\u009b");
        }
    }

    @Test
    void doLayout_ofFailure_isOneLineToo() {
        for (LogLayout.Format format : LogLayout.Format.values()) {
            String line = line(format, "it broke", new IOException("a\nb"));
            assertThat(line.lines()).hasSize(1);
            assertThat(line).contains("java.io.IOException: a\\nb").contains("stack");
        }
    }
}
