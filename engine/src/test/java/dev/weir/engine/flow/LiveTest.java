package dev.weir.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.engine.Reading;
import dev.weir.runtime.Lane;
import java.time.Duration;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LiveTest {
    private final Live live = new Live();

    private static Reading reading(long number) {
        return new Reading(FlowRig.schema("p"), "a", 0, 0, "in", 1, number, Lane.SAMPLE);
    }

    private static long sequence(@Nullable LiveEvent event) {
        return event instanceof LiveEvent.Passed(Reading reading) ? reading.sequence() : -1;
    }

    @Test
    void poll_bySlowSubscriber_givesTheNewestAndCountsWhatWasLost() throws Exception {
        try (var subscriber = live.subscribe(4, _ -> true)) {
            for (int i = 0; i < 10; i++) {
                live.publish(reading(i));
            }
            assertThat(subscriber.lost()).isEqualTo(6);
            assertThat(sequence(subscriber.poll(Duration.ZERO))).isEqualTo(6);
        }
    }

    @Test
    void subscribe_withFilter_getsOnlyWhatItWants() throws Exception {
        try (var subscriber = live.subscribe(4, event -> sequence(event) == 3)) {
            for (int i = 0; i < 10; i++) {
                live.publish(reading(i));
            }
            assertThat(sequence(subscriber.poll(Duration.ZERO))).isEqualTo(3);
            assertThat(subscriber.poll(Duration.ZERO)).isNull();
        }
    }

    @Test
    void close_wakesWhoPolls() throws Exception {
        var subscriber = live.subscribe(1, _ -> true);
        var reader = Thread.ofVirtual().start(() -> {
            try {
                subscriber.poll(Duration.ofMinutes(5));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        subscriber.close();
        reader.join();
        assertThat(subscriber.poll(Duration.ofMinutes(5))).isNull();
    }

    @Test
    void subscribe_beyondTheBound_isRefused() {
        var all = new ArrayList<Live.Subscriber>();
        for (int i = 0; i < Live.SUBSCRIBERS; i++) {
            all.add(live.subscribe(1, _ -> true));
        }
        assertThatThrownBy(() -> live.subscribe(1, _ -> true)).isInstanceOf(IllegalStateException.class);
        all.forEach(Live.Subscriber::close);
        live.subscribe(1, _ -> true).close();
    }
}
