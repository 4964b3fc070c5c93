package dev.weir.engine.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.Reading;
import dev.weir.engine.stage.Stage.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EventTimeOrderTest {
    private final TestStream stream = new TestStream("t");
    private final List<String> passed = new ArrayList<>();
    private final Stage.Emitter emitter = new Stage.Emitter() {
        @Override
        public void emit(Reading result) {
            throw new AssertionError("emits nothing");
        }

        @Override
        public void resume(Reading held) {
            pass(held);
        }
    };

    private void pass(Reading reading) {
        passed.add(reading.device() + (reading.time() - TestStream.START) / 1_000_000_000L);
    }

    private void feed(Stage order, String device, int... seconds) {
        for (int second : seconds) {
            Reading reading = stream.at(device, second);
            if (order.apply(reading, emitter) == Verdict.PASS) {
                pass(reading);
            }
        }
    }

    private static EventTimeOrder order(int lateness, int limit) {
        return new EventTimeOrder(Duration.ofSeconds(lateness), limit, 300);
    }

    @Test
    void apply_withinLateness_passesInOrderOnceTheWatermarkIsThere() {
        EventTimeOrder order = order(10, 100);
        feed(order, "a", 5, 3, 12, 8, 15);
        assertThat(passed).containsExactly("a3", "a5");
        order.finish(emitter);
        assertThat(passed).containsExactly("a3", "a5", "a8", "a12", "a15");
    }

    @Test
    void apply_beyondLatenessButNothingLaterLetGo_isStillInOrder() {
        EventTimeOrder order = order(10, 100);
        feed(order, "a", 0, 30, 5);
        assertThat(passed).containsExactly("a0", "a5");
        assertThat(order.counts()).containsEntry("late", 0L);
    }

    @Test
    void apply_afterALaterOneWasLetGo_passesAtOnceAndIsCounted() {
        EventTimeOrder order = order(10, 100);
        feed(order, "a", 10, 30, 5);
        assertThat(passed).containsExactly("a10", "a5");
        assertThat(order.counts()).containsEntry("late", 1L);
    }

    @Test
    void apply_anotherDevice_doesNotMoveTheWatermark() {
        EventTimeOrder order = order(10, 100);
        feed(order, "a", 5);
        feed(order, "b", 1000);
        feed(order, "a", 3);
        order.finish(emitter);
        assertThat(passed.stream().filter(text -> text.startsWith("a"))).containsExactly("a3", "a5");
    }

    @Test
    void apply_zeroLateness_passesWhatIsInOrder() {
        EventTimeOrder order = order(0, 100);
        feed(order, "a", 1, 2, 2, 3);
        assertThat(passed).containsExactly("a1", "a2", "a2", "a3");
    }

    @Test
    void apply_equalTimes_keepTheOrderOfArrival() {
        EventTimeOrder order = order(10, 100);
        List<Long> sequences = new ArrayList<>();
        Stage.Emitter keeping = new Stage.Emitter() {
            @Override
            public void emit(Reading result) {}

            @Override
            public void resume(Reading held) {
                sequences.add(held.sequence());
            }
        };
        for (int i = 0; i < 20; i++) {
            order.apply(stream.at("a", 1), keeping);
        }
        order.finish(keeping);
        assertThat(sequences).hasSize(20).isSorted();
    }

    @Test
    void apply_moreThanTheLimit_letsTheEarliestOfTheDeviceHeardLeastRecentlyGo() {
        EventTimeOrder order = order(100, 4);
        feed(order, "a", 3, 2);
        feed(order, "b", 8, 7, 6);
        assertThat(passed).containsExactly("a2");
        assertThat(order.counts()).containsEntry("evicted", 1L);
        order.finish(emitter);
        assertThat(passed).hasSize(5);
    }

    @Test
    void apply_randomDisorderWithinLateness_comesOutSorted() {
        for (long seed = 1; seed <= 100; seed++) {
            Random random = new Random(seed);
            EventTimeOrder order = order(30, 100_000);
            passed.clear();
            int clock = 0;
            for (int i = 0; i < 300; i++) {
                clock += random.nextInt(10);
                // the first reading leads, so that none is before the watermark
                feed(order, "a", i == 0 ? clock : clock - random.nextInt(30));
            }
            order.finish(emitter);
            assertThat(passed.stream().map(text -> Integer.parseInt(text.substring(1))))
                    .as("seed " + seed)
                    .hasSize(300)
                    .isSorted();
        }
    }
}
