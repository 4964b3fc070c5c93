package dev.weir.engine.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class KeyedStateTest {
    /// Counts, and says its name when it has to go.
    private static final class Counter implements KeyedState.State<String> {
        private final String key;
        private int count;

        Counter(String key) {
            this.key = key;
        }

        @Override
        public int weight() {
            return count;
        }

        @Override
        public void shed(List<String> out) {
            out.add(key + count);
            count = 0;
        }

        int add(int more) {
            count += more;
            return count;
        }
    }

    private final List<String> out = Collections.synchronizedList(new ArrayList<>());

    private int add(KeyedState<String, Counter, String> state, String key, int more) {
        return state.update(key, (counter, list) -> counter.add(more), out::add);
    }

    @Test
    void update_sameKey_keepsItsState() {
        KeyedState<String, Counter, String> state = new KeyedState<>(10, Counter::new);
        add(state, "a", 1);
        assertThat(add(state, "a", 2)).isEqualTo(3);
        assertThat(state.keys()).isEqualTo(1);
    }

    @Test
    void update_overTheLimit_shedsTheLeastRecentlyTouched() {
        KeyedState<String, Counter, String> state = new KeyedState<>(4, Counter::new);
        add(state, "a", 2);
        add(state, "b", 1);
        add(state, "a", 1);
        add(state, "c", 1);
        assertThat(out).containsExactly("b1");
        assertThat(state.evicted()).isEqualTo(1);
        assertThat(add(state, "a", 0)).isEqualTo(3);
    }

    @Test
    void update_keyAloneOverTheLimit_shedsItself() {
        KeyedState<String, Counter, String> state = new KeyedState<>(4, Counter::new);
        add(state, "a", 5);
        assertThat(out).containsExactly("a5");
        assertThat(state.keys()).isZero();
    }

    @Test
    void update_weightBecomesZero_forgetsTheKey() {
        KeyedState<String, Counter, String> state = new KeyedState<>(4, Counter::new);
        add(state, "a", 1);
        add(state, "a", -1);
        assertThat(state.keys()).isZero();
        assertThat(state.evicted()).isZero();
    }

    @Test
    void update_manyKeys_neverHoldsMoreThanTheLimit() {
        int limit = 2000;
        KeyedState<String, Counter, String> state = new KeyedState<>(limit, Counter::new);
        for (int i = 0; i < 10_000; i++) {
            add(state, "device-" + i, 1);
        }
        assertThat(state.keys()).isEqualTo(limit);
        assertThat(state.evicted()).isEqualTo(10_000 - limit);
        assertThat(out).hasSize(10_000 - limit);
    }

    @Test
    void update_fewHeavyKeys_mayUseTheWholeLimit() {
        int limit = 20_000;
        KeyedState<String, Counter, String> state = new KeyedState<>(limit, Counter::new);
        for (int i = 0; i < 3; i++) {
            add(state, "device-" + i, limit / 3);
        }
        assertThat(out).isEmpty();
        assertThat(state.evicted()).isZero();
    }

    @Test
    void update_manyThreadsOverTheLimit_endWithinIt() throws InterruptedException {
        int limit = 3000;
        KeyedState<String, Counter, String> state = new KeyedState<>(limit, Counter::new);
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int first = t * 3000;
            threads.add(Thread.ofVirtual().start(() -> {
                for (int i = 0; i < 3000; i++) {
                    add(state, "device-" + (first + i), 1);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(state.keys()).isEqualTo(limit);
        assertThat(state.evicted()).isEqualTo(12_000 - limit);
    }

    @Test
    void update_whileConsumerBlocks_otherKeysGoOn() throws InterruptedException {
        KeyedState<String, Counter, String> state = new KeyedState<>(10, Counter::new);
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Thread slow = Thread.ofVirtual()
                .start(() -> state.update("a", (counter, list) -> list.add("1"), item -> {
                    blocked.countDown();
                    join(release);
                    out.add(item);
                }));
        blocked.await();
        assertThat(add(state, "b", 1)).isEqualTo(1);
        Thread next = Thread.ofVirtual().start(() -> state.update("a", (counter, list) -> list.add("2"), out::add));
        release.countDown();
        slow.join();
        next.join();
        assertThat(out).containsExactly("1", "2");
    }

    @Test
    void update_outputOfManyThreads_keepsTheOrderOfTheSteps() throws InterruptedException {
        KeyedState<String, Numbers, Integer> state = new KeyedState<>(10, key -> new Numbers());
        List<Integer> order = new CopyOnWriteArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            threads.add(Thread.ofVirtual().start(() -> {
                for (int i = 0; i < 500; i++) {
                    state.update("k", (numbers, list) -> list.add(numbers.next()), order::add);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(order).hasSize(4000).isSorted();
    }

    private static final class Numbers implements KeyedState.State<Integer> {
        private int last;

        int next() {
            return ++last;
        }

        @Override
        public int weight() {
            return 1;
        }

        @Override
        public void shed(List<Integer> out) {
            throw new AssertionError("there is room");
        }
    }

    private static void join(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
