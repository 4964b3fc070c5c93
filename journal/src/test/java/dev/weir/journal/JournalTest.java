package dev.weir.journal;

import static dev.weir.journal.Journals.SMALL;
import static dev.weir.journal.Journals.append;
import static dev.weir.journal.Journals.bytes;
import static dev.weir.journal.Journals.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.testkit.disk.FaultyDisk;
import dev.weir.testkit.disk.Gate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class JournalTest {
    @TempDir
    private Path folder;

    @Test
    void append_thenAwait_makesItReadable() throws Exception {
        try (Journal journal = Journal.open(folder, SMALL)) {
            Appended appended = journal.append(bytes("one"));
            appended.await();

            assertThat(appended.isDurable()).isTrue();
            assertThat(appended.first()).isEqualTo(1);
            assertThat(journal.last()).isEqualTo(1);
            assertThat(texts(journal)).containsExactly("one");
        }
    }

    @Test
    void append_ofManyThreads_keepsEachThreadsOrder_andNumbersAll() throws Exception {
        int threads = 50;
        int each = 100;
        try (Journal journal = Journal.open(folder, SMALL)) {
            List<Thread> running = new ArrayList<>();
            List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
            for (int t = 0; t < threads; t++) {
                String name = "t" + t + " ";
                running.add(Thread.startVirtualThread(() -> {
                    try {
                        for (int i = 0; i < each; i++) {
                            journal.append(bytes(name + i)).await();
                        }
                    } catch (Exception e) {
                        failures.add(e);
                    }
                }));
            }
            for (Thread thread : running) {
                thread.join();
            }

            assertThat(failures).isEmpty();
            List<String> texts = texts(journal);
            assertThat(texts).hasSize(threads * each);
            for (int t = 0; t < threads; t++) {
                String name = "t" + t + " ";
                assertThat(texts.stream().filter(text -> text.startsWith(name)))
                        .containsExactlyElementsOf(
                                IntStream.range(0, each).mapToObj(i -> name + i).toList());
            }
            assertThat(journal.stats().commits()).isLessThan(5_000);
        }
    }

    @Test
    void append_ofSeveral_putsThemTogether() throws Exception {
        try (Journal journal = Journal.open(folder, SMALL)) {
            Appended appended = journal.append(List.of(bytes("a"), bytes("b"), bytes("c")));
            appended.await();

            assertThat(appended.first()).isEqualTo(1);
            assertThat(appended.last()).isEqualTo(3);
            assertThat(texts(journal)).containsExactly("a", "b", "c");
        }
    }

    @Test
    void append_ofMoreThanASegment_goesOnInTheNext() throws Exception {
        try (Journal journal = Journal.open(folder, SMALL)) {
            Journals.fill(journal, 1, 1000);

            assertThat(Journals.segments(folder)).hasSizeGreaterThan(5);
            assertThat(texts(journal)).hasSize(1000).allMatch(text -> text.endsWith("..."));
            assertThat(texts(journal, 777).getFirst()).startsWith("777.");
        }
    }

    @Test
    void append_ofTooMuch_isRefusedWithTheLimit() throws Exception {
        try (Journal journal = Journal.open(folder, SMALL)) {
            assertThatThrownBy(() -> journal.append(new byte[4097]))
                    .isInstanceOf(TooLargeException.class)
                    .hasMessageContaining("4097")
                    .hasMessageContaining("4096");
            assertThatThrownBy(() -> journal.append(List.of(new byte[4000], new byte[4000], new byte[4000])))
                    .isInstanceOf(TooLargeException.class)
                    .hasMessageContaining("8192");
            journal.append(new byte[4096]).await();
        }
    }

    @Test
    void append_ofNothing_isARecordToo() throws Exception {
        try (Journal journal = Journal.open(folder, SMALL)) {
            append(journal, "", "x");
        }
        try (Journal journal = Journal.open(folder, SMALL)) {
            assertThat(texts(journal)).containsExactly("", "x");
        }
    }

    @Test
    void open_afterClose_hasEverything_andAnotherEpoch() throws Exception {
        try (Journal journal = Journal.open(folder, SMALL)) {
            append(journal, "one", "two");
            assertThat(journal.epoch()).isEqualTo(1);
        }
        try (Journal journal = Journal.open(folder, SMALL)) {
            assertThat(journal.epoch()).isEqualTo(2);
            append(journal, "three");

            assertThat(texts(journal)).containsExactly("one", "two", "three");
            try (Reader reader = journal.read(2)) {
                Entry two = Journals.next(reader);
                Entry three = Journals.next(reader);
                assertThat(two.epoch()).isEqualTo(1);
                assertThat(three.epoch()).isEqualTo(2);
                assertThat(three.sequence()).isEqualTo(3);
                assertThat(reader.next()).isNull();
            }
        }
    }

    @Test
    void open_twice_isRefused() throws Exception {
        try (Journal journal = Journal.open(folder, SMALL)) {
            append(journal, "one");
            assertThatThrownBy(() -> Journal.open(folder, SMALL))
                    .isInstanceOf(InUseException.class)
                    .hasMessageContaining(folder.toString());
            append(journal, "two");
        }
        Journal.open(folder, SMALL).close();
    }

    @Test
    void close_withRecordsThatWait_writesThem() throws Exception {
        Appended last;
        try (Journal journal = Journal.open(folder, SMALL.fsync(new Fsync.Never()))) {
            journal.append(bytes("one"));
            last = journal.append(bytes("two"));
        }
        assertThat(last.isDurable()).isTrue();
        try (Journal journal = Journal.open(folder, SMALL)) {
            assertThat(texts(journal)).containsExactly("one", "two");
        }
    }

    @Test
    void append_afterClose_fails() throws Exception {
        Journal journal = Journal.open(folder, SMALL);
        journal.close();
        journal.close();
        assertThatThrownBy(() -> journal.append(bytes("one"))).isInstanceOf(ClosedException.class);
    }

    @Test
    void whenSettled_runsInTheOrderOfRecords() throws Exception {
        int count = 500;
        List<Long> order = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch all = new CountDownLatch(count);
        try (Journal journal = Journal.open(folder, SMALL)) {
            for (int i = 0; i < count; i++) {
                Appended appended = journal.append(bytes("r" + i));
                appended.whenSettled(failure -> {
                    assertThat(failure).isNull();
                    order.add(appended.first());
                    all.countDown();
                });
            }
            all.await();
        }
        assertThat(order).hasSize(count);
        // One that was settled before its action was known runs it in its own thread.
        assertThat(order.stream().sorted()).hasSize(count).doesNotHaveDuplicates();
    }

    @Test
    void whenSettled_thatThrows_doesNotStopTheJournal() throws Exception {
        List<Throwable> thrown = Collections.synchronizedList(new ArrayList<>());
        var listener = new JournalListener() {
            @Override
            public void threw(Throwable it) {
                thrown.add(it);
            }
        };
        var disk = new FaultyDisk();
        try (Journal journal = Journal.open(disk.path("/journal"), SMALL, listener, java.time.Clock.systemUTC())) {
            append(journal, "before");
            Gate forces = disk.holdForces();
            journal.append(bytes("boom")).whenSettled(_ -> {
                throw new IllegalStateException("boom");
            });
            forces.open();
            append(journal, "after");
        }
        assertThat(thrown).singleElement().isInstanceOf(IllegalStateException.class);
    }

    @Test
    void append_withInterval_isForcedWithoutFurtherRecords() throws Exception {
        try (Journal journal = Journal.open(folder, SMALL.fsync(new Fsync.Interval(Duration.ofMillis(5))))) {
            long before = journal.stats().forces();
            append(journal, "one");
            dev.weir.testkit.Eventually.until("forced", () -> forces(journal) > before);
        }
    }

    private static long forces(Journal journal) {
        try {
            return journal.stats().forces();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void open_withFileThatIsNoSegment_saysWhich() throws Exception {
        java.nio.file.Files.writeString(folder.resolve("0000000000000001.segment"), "nonsense");
        assertThatThrownBy(() -> Journal.open(folder, SMALL))
                .isInstanceOf(CorruptException.class)
                .hasMessageContaining("0000000000000001.segment");
    }
}
