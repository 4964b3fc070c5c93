package dev.weir.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.util.Locale;
import org.slf4j.event.KeyValuePair;

/// One event, one line: `time=… level=… logger=… msg="…" key=value …`, or the same as a JSON
/// object. Line breaks in values are escaped, so that nothing a device sends can look like a line
/// of ours.
final class LogLayout extends LayoutBase<ILoggingEvent> {
    private final Format format;

    /// How a line is written.
    enum Format {
        KEY_VALUE,
        JSON
    }

    LogLayout(Format format) {
        this.format = format;
    }

    @Override
    public String doLayout(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(160);
        if (format == Format.JSON) {
            line.append('{');
        }
        put(line, "time", event.getInstant().toString());
        put(line, "level", event.getLevel().toString().toLowerCase(Locale.ROOT));
        put(line, "logger", event.getLoggerName());
        put(line, "msg", event.getFormattedMessage());
        if (event.getKeyValuePairs() != null) {
            for (KeyValuePair pair : event.getKeyValuePairs()) {
                put(line, pair.key, String.valueOf(pair.value));
            }
        }
        event.getMDCPropertyMap().forEach((key, value) -> put(line, key, value));
        IThrowableProxy failure = event.getThrowableProxy();
        if (failure != null) {
            put(line, "error", failure.getClassName() + ": " + failure.getMessage());
            put(line, "stack", ThrowableProxyUtil.asString(failure));
        }
        if (format == Format.JSON) {
            line.append('}');
        }
        return line.append('\n').toString();
    }

    private void put(StringBuilder line, String key, String value) {
        boolean first = line.length() <= 1;
        switch (format) {
            case KEY_VALUE -> {
                line.append(first ? "" : " ").append(key).append('=');
                if (isPlain(value)) {
                    line.append(value);
                } else {
                    quote(line, value);
                }
            }
            case JSON -> {
                line.append(first ? "" : ",");
                quote(line, key);
                line.append(':');
                quote(line, value);
            }
        }
    }

    private static boolean isPlain(String value) {
        return !value.isEmpty()
                && value.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"' && c != '=' && c != '\\');
    }

    private static void quote(StringBuilder line, String value) {
        line.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> line.append("\\\"");
                case '\\' -> line.append("\\\\");
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> {
                    if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
                        line.append(String.format("\\u%04x", (int) c));
                    } else {
                        line.append(c);
                    }
                }
            }
        }
        line.append('"');
    }
}
