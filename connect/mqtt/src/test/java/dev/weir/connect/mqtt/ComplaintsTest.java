package dev.weir.connect.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.LogLimiter;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

@NullUnmarked
class ComplaintsTest {
    private final List<String> lines = new ArrayList<>();
    private final AtomicLong now = new AtomicLong();
    private final Logger log = (Logger) Proxy.newProxyInstance(
            Logger.class.getClassLoader(), new Class<?>[] {Logger.class}, (proxy, method, arguments) -> {
                lines.add(method.getName() + Arrays.deepToString(arguments));
                return null;
            });
    private final Complaints complaints = new Complaints(log, "devices", now::get);

    @Test
    void note_oftenWithinAMinute_logsOnceAndThenTheNumber() {
        for (int i = 0; i < 100; i++) {
            complaints.note("malformed-packet", "c", "x");
        }
        complaints.note("protocol-error", "c", "x");
        now.addAndGet(TimeUnit.MINUTES.toNanos(1));
        complaints.note("malformed-packet", "c", "x");

        assertThat(lines).hasSize(3);
        assertThat(lines.getLast()).contains("99");
    }

    @Test
    void printable_ofForgedLine_hasNoLineBreak() {
        assertThat(LogLimiter.printable("a\nERROR \"x\"")).isEqualTo("a?ERROR ?x?");
    }
}
