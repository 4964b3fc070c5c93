package dev.weir.node.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.engine.Meters;
import dev.weir.engine.Reading;
import dev.weir.engine.Schema;
import dev.weir.engine.flow.DeadLetter;
import dev.weir.engine.rule.Alarm;
import dev.weir.engine.rule.AlarmEvent;
import dev.weir.engine.rule.Severity;
import dev.weir.runtime.Lane;
import dev.weir.testkit.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class StoreIT {
    private static final String T0 = "2026-11-20T12:00:00Z";
    private static final long MINUTE = 60_000_000_000L;

    @TempDir
    Path data;

    private final Schema climate = new Schema("climate");
    private Instant now = Instant.parse(T0);
    private DataFolder folder;
    private Store store;

    @BeforeEach
    void open() throws IOException {
        open(StoreSettings.DEFAULT);
    }

    private void open(StoreSettings settings) throws IOException {
        folder = DataFolder.open(data);
        store = Store.open(folder, settings, new TestClock(), Meters.none());
    }

    @AfterEach
    void close() {
        store.close();
        folder.close();
    }

    private void reopen() throws IOException {
        reopen(StoreSettings.DEFAULT);
    }

    private void reopen(StoreSettings settings) throws IOException {
        close();
        open(settings);
    }

    private final class TestClock extends Clock {
        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    private String sqlite(String sql) throws Exception {
        Tool.require("sqlite3", "sqlite3");
        Process process = new ProcessBuilder(
                        "sqlite3", "-readonly", data.resolve("store.db").toString(), sql)
                .redirectErrorStream(true)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        process.waitFor();
        return out;
    }

    @Test
    void write_readings_appearInTheViewOfTheStream() throws Exception {
        store.write(List.of(
                Readings.at(climate, "gh-1", T0, 1, "temperature", 28.0, "n", 3, "on", true, "note", "it's"),
                Readings.at(climate, "gh-2", "2026-11-20T12:00:00.250Z", 2, "temperature", -1.5)));
        assertThat(sqlite("SELECT * FROM climate ORDER BY time"))
                .isEqualTo("2026-11-20T12:00:00.000Z|gh-1|28.0|3|1|it's\n2026-11-20T12:00:00.250Z|gh-2|-1.5|||");
    }

    @Test
    void write_timesFinerThanMilliseconds_areKept() throws Exception {
        long received = Readings.nanos(T0);
        List<String> times =
                List.of("2026-11-20T12:00:00.000000001Z", "1969-12-31T23:59:59.999999999Z", "1969-12-31T23:59:59.999Z");
        for (String time : times) {
            store.write(List.of(Readings.at(climate, "a", Readings.nanos(time), received, 1, "x", 1.0)));
        }
        assertThat(sqlite("SELECT time FROM climate").lines()).containsExactlyInAnyOrderElementsOf(times);
    }

    @Test
    void write_sameRecordTwice_isStoredOnce() throws Exception {
        Reading reading = Readings.at(climate, "a", T0, 1, "x", 1.0);
        store.write(List.of(reading, reading));
        store.write(List.of(reading));
        reopen();
        store.write(List.of(reading));
        assertThat(sqlite("SELECT count(*) FROM climate")).isEqualTo("1");
    }

    @Test
    void write_windowComputedAgainLater_isReplaced() throws Exception {
        Schema means = new Schema("climate_10m");
        long start = Readings.nanos("2010-05-09T00:00:00Z");
        long first = Readings.nanos(T0);
        store.write(List.of(Readings.window(means, "a", start, first, "mean_t", 1.0)));
        store.write(List.of(Readings.window(means, "a", start, first + 3 * 24 * 60 * MINUTE, "mean_t", 2.0)));
        assertThat(sqlite("SELECT * FROM climate_10m")).isEqualTo("2010-05-09T00:00:00.000Z|a|2.0");
    }

    @Test
    void write_sourceNamedLikeItsStream_isNoWindow() throws Exception {
        for (long epoch = 1; epoch <= 2; epoch++) {
            Reading reading =
                    new Reading(climate, "a", Readings.nanos(T0), Readings.nanos(T0), "climate", epoch, 7, Lane.SAMPLE);
            store.write(List.of(reading));
        }
        assertThat(sqlite("SELECT count(*) FROM climate")).isEqualTo("2");
    }

    @Test
    void write_namesThatSqlDislikes_areQuotedAndToldApart() throws Exception {
        Schema odd = new Schema("select \"x\"; drop table");
        store.write(List.of(Readings.at(
                odd, "a", T0, 1, "Temp", 1.0, "temp", 2.0, "time", 3.0, "device", 4.0, "a\"b", 5.0, "", 6.0)));
        assertThat(sqlite("SELECT \"Temp\", \"temp_2\", time_2, device_2, \"a\"\"b\", \"_\""
                        + " FROM \"select \"\"x\"\"; drop table\""))
                .isEqualTo("1.0|2.0|3.0|4.0|5.0|6.0");
    }

    @Test
    void write_streamsWhoseNamesAreTaken_getViewsOfTheirOwn() throws Exception {
        for (String name : List.of("Alarms", "climate", "CLIMATE", "weir_meta", "sqlite_x")) {
            store.write(List.of(Readings.at(new Schema(name), "a", T0, 1, "x", 1.0)));
        }
        assertThat(sqlite("SELECT view FROM weir_stream ORDER BY id").lines())
                .containsExactly("Alarms_2", "climate", "CLIMATE_2", "_weir_meta", "_sqlite_x");
    }

    @Test
    void write_fieldsThatAppearLater_becomeColumnsOfAllTables() throws Exception {
        store.write(List.of(Readings.at(climate, "a", "2026-11-18T12:00:00Z", 1, "x", 1.0)));
        store.write(List.of(Readings.at(climate, "a", T0, 2, "y", 2.0)));
        reopen();
        store.write(List.of(Readings.at(new Schema("climate"), "a", T0, 3, "z", 3.0, "x", 9.0)));
        assertThat(sqlite("SELECT x, y, z FROM climate ORDER BY time, x")).isEqualTo("1.0||\n|2.0|\n9.0||3.0");
    }

    @Test
    void write_moreFieldsThanAStreamMayHave_keepsTheFirst() throws Exception {
        for (int run = 0; run < 2; run++) {
            Schema schema = new Schema("climate");
            Object[] values = new Object[2 * 200];
            for (int i = 0; i < 200; i++) {
                values[2 * i] = "f" + run + "_" + i;
                values[2 * i + 1] = 1.0;
            }
            store.write(List.of(Readings.at(schema, "a", T0, run, values)));
        }
        assertThat(sqlite("SELECT count(*) FROM pragma_table_info('climate')")).isEqualTo("258");
    }

    @Test
    void view_filteredByDevice_seeksInTheKey() throws Exception {
        store.write(List.of(
                Readings.at(climate, "a", T0, 1, "x", 1.0),
                Readings.at(climate, "a", "2026-11-18T12:00:00Z", 1, "x", 1.0)));
        String plan = sqlite("EXPLAIN QUERY PLAN SELECT * FROM climate WHERE device = 'a'");
        assertThat(plan).contains("PRIMARY KEY (device=?)").doesNotContain("SCAN r");
    }

    @Test
    void write_deviceWithAMadClock_makesFewTables() throws Exception {
        List<Reading> batch = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            batch.add(Readings.at(climate, "mad", i * 400L * 24 * 60 * MINUTE / 2, Readings.nanos(T0), i, "x", 1.0));
        }
        store.write(batch);
        assertThat(sqlite("SELECT count(*) FROM climate")).isEqualTo("500");
        assertThat(Integer.parseInt(sqlite("SELECT count(*) FROM weir_period"))).isLessThan(15);
    }

    @Test
    void epoch_eachStart_grows() throws Exception {
        assertThat(store.epoch()).isEqualTo(1);
        reopen();
        assertThat(store.epoch()).isEqualTo(2);
        close();
        Files.delete(data.resolve("epoch"));
        open(StoreSettings.DEFAULT);
        assertThat(store.epoch()).isEqualTo(3);
        close();
        Files.delete(data.resolve("store.db"));
        open(StoreSettings.DEFAULT);
        assertThat(store.epoch()).isEqualTo(4);
    }

    @Test
    void retain_oldReadings_areDropped() throws Exception {
        store.write(List.of(
                Readings.at(climate, "a", "2026-10-01T00:00:00Z", 1, "x", 1.0),
                Readings.at(climate, "a", T0, 2, "x", 2.0)));
        runRetention();
        assertThat(sqlite("SELECT x FROM climate")).isEqualTo("2.0");
    }

    @Test
    void retain_recordingOfOldTimes_staysUntilItsArrivalIsOld() throws Exception {
        store.write(List.of(
                Readings.at(climate, "a", Readings.nanos("2010-05-09T00:00:00Z"), Readings.nanos(T0), 1, "x", 1.0)));
        runRetention();
        assertThat(sqlite("SELECT count(*) FROM climate")).isEqualTo("1");
        now = now.plus(Duration.ofDays(32));
        runRetention();
        assertThat(sqlite("SELECT count(*) FROM climate")).isEqualTo("0");
    }

    @Test
    void retain_moreThanMaxSize_dropsTheOldest() throws Exception {
        reopen(new StoreSettings(Duration.ofDays(30), 1 << 20, 100));
        String text = "x".repeat(300);
        for (int day = 1; day <= 5; day++) {
            List<Reading> batch = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                long time = Readings.nanos("2026-11-1" + day + "T00:00:00Z") + i * MINUTE;
                batch.add(Readings.at(climate, "a", time, time, i, "x", text));
            }
            store.write(batch);
        }
        runRetention();
        assertThat(sqlite("SELECT count(*) FROM climate WHERE time >= '2026-11-15'"))
                .isEqualTo("1000");
        assertThat(sqlite("SELECT min(time) FROM climate")).isGreaterThan("2026-11-13");
        assertThat(Files.size(data.resolve("store.db"))).isLessThan(3 << 20);
    }

    @Test
    void retain_oneTableLargerThanMaxSize_isThinnedFromItsOldEnd() throws Exception {
        reopen(new StoreSettings(Duration.ofDays(30), 1 << 20, 100));
        String text = "x".repeat(700);
        List<Reading> batch = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            long time = Readings.nanos("2026-11-20T00:00:00Z") + i * 10_000_000_000L;
            batch.add(Readings.at(climate, "d" + i % 3, time, time, i, "x", text));
        }
        store.write(batch);
        runRetention();
        assertThat(Integer.parseInt(sqlite("SELECT count(*) FROM climate"))).isBetween(600, 1500);
        assertThat(sqlite("SELECT max(time) FROM climate")).isEqualTo("2026-11-20T05:33:10.000Z");
    }

    private void runRetention() throws Exception {
        int steps = 0;
        while (store.retain()) {
            assertThat(++steps).isLessThan(1000);
        }
    }

    @Test
    void lastReadings_afterRestart_haveValuesAndTypes() throws Exception {
        store.write(List.of(
                Readings.at(climate, "a", "2026-11-18T12:00:00Z", 1, "x", 1.0, "on", false),
                Readings.at(climate, "a", T0, 2, "x", 2.0, "n", 7, "on", true, "s", "t"),
                Readings.at(climate, "b", "2026-11-18T12:00:00Z", 3, "x", 3.0)));
        reopen();
        Schema schema = new Schema("climate");
        schema.declare(new Schema.Field("n", null, null));
        List<Reading> last = store.lastReadings(name -> Optional.of(schema), 100);
        assertThat(last).extracting(Reading::device).containsExactly("a", "b");
        Reading a = last.getFirst();
        assertThat(a.instant()).isEqualTo(Instant.parse(T0));
        assertThat(a.value(schema.slot("x"))).isEqualTo(2.0);
        assertThat(a.value(schema.slot("n"))).isEqualTo(7L);
        assertThat(a.value(schema.slot("on"))).isEqualTo(true);
        assertThat(a.value(schema.slot("s"))).isEqualTo("t");
        assertThat(store.lastReadings(name -> Optional.of(schema), 1)).hasSize(1);
        assertThat(store.lastReadings(name -> Optional.empty(), 100)).isEmpty();
    }

    @Test
    void buckets_overTwoTables_sumUpEachStep() throws Exception {
        List<Reading> batch = new ArrayList<>();
        long start = Readings.nanos("2026-11-19T23:50:00Z");
        for (int i = 0; i < 20; i++) {
            batch.add(Readings.at(climate, "a", start + i * MINUTE, start + i * MINUTE, i, "x", (double) i));
            batch.add(Readings.at(climate, "b", start + i * MINUTE, start + i * MINUTE, i, "x", 100.0 + i));
        }
        store.write(batch);
        Range range = new Range("climate", "x", List.of("a"), Instant.parse("2026-11-19T00:00:00Z"), Instant.parse(T0));
        List<String> found = new ArrayList<>();
        store.buckets(
                range,
                Duration.ofMinutes(15),
                10,
                b -> found.add(b.device() + " " + b.start() + " " + b.count() + " "
                        + b.mean().getAsDouble() + " " + b.min().getAsDouble() + " "
                        + b.max().getAsDouble() + " " + b.last()));
        assertThat(found)
                .containsExactly(
                        "a 2026-11-19T23:45:00Z 10 4.5 0.0 9.0 9.0", "a 2026-11-20T00:00:00Z 10 14.5 10.0 19.0 19.0");
    }

    @Test
    void samples_moreThanAllowed_saysHowToNarrow() throws Exception {
        store.write(List.of(Readings.at(climate, "a", T0, 1, "x", 1.0), Readings.at(climate, "b", T0, 2, "x", 1.0)));
        Range range = new Range("climate", "x", List.of(), Instant.EPOCH, Instant.parse("2027-01-01T00:00:00Z"));
        assertThatThrownBy(() -> store.samples(range, 1, sample -> {}))
                .isInstanceOf(QueryException.class)
                .hasMessageContaining("step");
    }

    @Test
    void samples_unknownNames_sayWhatThereIs() throws Exception {
        store.write(List.of(Readings.at(climate, "a", T0, 1, "x", 1.0)));
        Instant to = Instant.parse("2027-01-01T00:00:00Z");
        assertThatThrownBy(() -> store.samples(new Range("clim", "x", List.of(), Instant.EPOCH, to), 9, sample -> {}))
                .hasMessageContaining("'climate'");
        assertThatThrownBy(
                        () -> store.samples(new Range("climate", "q", List.of(), Instant.EPOCH, to), 9, sample -> {}))
                .hasMessageContaining("'x'");
    }

    @Test
    void write_manyThreads_shareCommitsAndKeepEverything() throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            String device = "d" + t;
            threads.add(Thread.ofVirtual().start(() -> {
                for (int i = 0; i < 50; i++) {
                    try {
                        store.write(List.of(Readings.at(climate, device, T0, i, "x", 1.0 * i)));
                    } catch (IOException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(sqlite("SELECT count(*) FROM climate")).isEqualTo("400");
    }

    @Test
    void write_diskFull_throwsAndWorksAgainWhenThereIsRoom() throws Exception {
        String text = "x".repeat(5_000);
        store.write(List.of(Readings.at(climate, "a", T0, 0, "x", text)));
        store.limitPages(Long.parseLong(sqlite("PRAGMA page_count")) + 2);
        List<Reading> batch = new ArrayList<>();
        for (int i = 1; i < 20; i++) {
            batch.add(Readings.at(climate, "a", T0, i, "x", text, "new_field", 1.0));
        }
        assertThatThrownBy(() -> store.write(batch))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.FULL))
                .hasMessageContaining("free space");
        store.limitPages(1 << 20);
        store.write(batch);
        assertThat(sqlite("SELECT count(*), count(new_field) FROM climate")).isEqualTo("20|19");
    }

    @Test
    void alarms_savedClearedAndAcknowledged_showInTheView() throws Exception {
        Instant raised = Instant.parse(T0);
        Alarm alarm = alarm(raised, null, 31.5);
        store.save(List.of(alarm), List.of());
        assertThat(store.alarms(true, 10)).containsExactly(alarm);
        assertThat(store.acknowledge("id-1", "ann"))
                .hasValueSatisfying(a -> assertThat(a.acknowledgedBy()).isEqualTo("ann"));
        assertThat(store.acknowledge("id-1", "bob"))
                .hasValueSatisfying(a -> assertThat(a.acknowledgedBy()).isEqualTo("ann"));
        assertThat(store.acknowledge("id-2", "ann")).isEmpty();
        store.save(List.of(alarm(raised, raised.plusSeconds(60), 33.0)), List.of());
        assertThat(store.alarms(true, 10)).isEmpty();
        assertThat(sqlite("SELECT * FROM alarms"))
                .isEqualTo("too-hot|a|2026-11-20T12:00:00.000Z|2026-11-20T12:01:00.000Z|high|a: 31 °C|33.0|"
                        + "2026-11-20T12:00:00.000Z|ann|id-1");
    }

    private static Alarm alarm(Instant raised, @Nullable Instant cleared, double peak) {
        return new Alarm(
                "id-1",
                "too-hot",
                "a",
                "climate",
                Severity.HIGH,
                "a: 31 °C",
                Lane.ALARM,
                raised,
                cleared,
                null,
                null,
                peak,
                3);
    }

    @Test
    void deadLetters_moreThanKept_loseTheOldest() throws Exception {
        reopen(new StoreSettings(Duration.ofDays(30), 1 << 30, 3));
        for (int i = 0; i < 5; i++) {
            store.save(
                    List.of(),
                    List.of(new DeadLetter(now, "climate", "src", "a", "t/a", "decode", "no JSON", "payload " + i)));
        }
        assertThat(store.deadLetters(10))
                .extracting(DeadLetter::excerpt)
                .containsExactly("payload 4", "payload 3", "payload 2");
        assertThat(sqlite("SELECT count(*) FROM dead_letters")).isEqualTo("3");
    }

    @Test
    void recorder_closed_hasStoredWhatItWasTold() throws Exception {
        Instant raised = Instant.parse(T0);
        Recorder recorder = new Recorder(store, Meters.none());
        recorder.alarm(new AlarmEvent.Raised(alarm(raised, null, 31.0)));
        recorder.alarm(new AlarmEvent.Cleared(alarm(raised, raised.plusSeconds(1), 31.0)));
        recorder.deadLetter(new DeadLetter(now, "climate", "src", "", "t/a", "decode", "no JSON", "{"));
        recorder.close();
        assertThat(sqlite("SELECT cleared_at FROM alarms")).isEqualTo("2026-11-20T12:00:01.000Z");
        assertThat(sqlite("SELECT reason FROM dead_letters")).isEqualTo("decode");
    }

    @Test
    void open_secondProcessOnTheFolder_isRefused() {
        assertThatThrownBy(() -> DataFolder.open(data))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.LOCKED))
                .hasMessageContaining("process " + ProcessHandle.current().pid());
    }

    @Test
    void close_afterReadersHaveAsked_leavesEverythingInOneFile() throws Exception {
        store.write(List.of(Readings.at(climate, "gh-1", T0, 1, "temperature", 28.0)));
        assertThat(store.alarms(false, 1)).isEmpty();
        close();
        assertThat(data.resolve("store.db-wal")).doesNotExist();
        assertThat(sqlite("SELECT device FROM climate")).isEqualTo("gh-1");
    }

    @Test
    void open_damagedFile_isMovedAsideOnce() throws Exception {
        close();
        Files.writeString(data.resolve("store.db"), "this is no database ".repeat(1000));
        open(StoreSettings.DEFAULT);
        assertThat(data.resolve("store.db.damaged")).exists();
        assertThat(store.epoch()).isEqualTo(2);
        close();
        Files.writeString(data.resolve("store.db"), "neither is this one ".repeat(1000));
        folder = DataFolder.open(data);
        assertThatThrownBy(() -> Store.open(folder, StoreSettings.DEFAULT, Clock.systemUTC(), Meters.none()))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.CORRUPT))
                .hasMessageContaining("move it away");
    }

    @Test
    void open_fileOfAnotherProgram_isRefusedAndLeftAlone() throws Exception {
        close();
        Path file = data.resolve("store.db");
        Files.delete(file);
        Tool.require("sqlite3", "sqlite3");
        new ProcessBuilder("sqlite3", file.toString(), "CREATE TABLE t(x)")
                .start()
                .waitFor();
        folder = DataFolder.open(data);
        assertThatThrownBy(() -> Store.open(folder, StoreSettings.DEFAULT, Clock.systemUTC(), Meters.none()))
                .hasMessageContaining("no store of Weir");
        assertThat(sqlite(".tables")).isEqualTo("t");
    }

    @Test
    void open_folderThatCannotBeMade_saysWhatToDo() {
        assertThatThrownBy(() -> DataFolder.open(Path.of("/proc/weir")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("'data:'");
    }

    @Test
    void write_afterClose_isRefused() {
        store.close();
        assertThatThrownBy(() -> store.write(List.of(Readings.at(climate, "a", T0, 1, "x", 1.0))))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.CLOSED));
    }
}
