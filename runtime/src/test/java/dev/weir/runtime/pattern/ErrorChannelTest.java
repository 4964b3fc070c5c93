package dev.weir.runtime.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class ErrorChannelTest {
    private final List<ErrorChannel.Alert> alerts = new ArrayList<>();

    @Test
    void report_whenFull_dropsTheOldestAndCountsIt() {
        var errors = ErrorChannel.<Integer>bounded("e", 2, alerts::add);
        for (int i = 0; i < 5; i++) {
            errors.report(i);
        }
        errors.close();
        assertThat(errors.failures()).containsExactly(3, 4);
        assertThat(errors.reported()).isEqualTo(5);
        assertThat(errors.dropped()).isEqualTo(3);
    }

    @Test
    void report_thatFillsHalf_alertsOnce() {
        var errors = ErrorChannel.<Integer>bounded("e", 4, alerts::add);
        for (int i = 0; i < 9; i++) {
            errors.report(i);
        }
        assertThat(alerts).containsExactly(new ErrorChannel.Alert("e", 2, 4, 0));
    }

    @Test
    void report_afterItFellBelowHalf_alertsAgain() throws Exception {
        var errors = ErrorChannel.<Integer>bounded("e", 2, alerts::add);
        errors.report(1);
        errors.report(2);
        errors.failures().receive();
        errors.failures().receive();
        errors.report(3);
        assertThat(alerts).hasSize(2);
    }

    @Test
    void report_afterClose_isCountedAsDropped() {
        var errors = ErrorChannel.<Integer>bounded("e", 2, alerts::add);
        errors.close();
        errors.report(1);
        assertThat(errors.dropped()).isEqualTo(1);
        assertThat(alerts).isEmpty();
    }

    @Test
    void report_withCallbackThatThrows_goesOn() {
        var thread = Thread.currentThread();
        var before = thread.getUncaughtExceptionHandler();
        var heard = new ArrayList<Throwable>();
        thread.setUncaughtExceptionHandler((_, thrown) -> heard.add(thrown));
        try {
            var errors = ErrorChannel.<Integer>bounded("e", 2, _ -> {
                throw new IllegalStateException("broken callback");
            });
            errors.report(1);
            errors.report(2);
            assertThat(errors.failures().length()).isEqualTo(2);
            assertThat(heard).singleElement().isInstanceOf(IllegalStateException.class);
        } finally {
            thread.setUncaughtExceptionHandler(before);
        }
    }
}
