package dev.weir.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class FlightEventsTest {
    private static List<RecordedEvent> recorded(Path folder, Group.Task body) throws Exception {
        var file = folder.resolve("events.jfr");
        try (var recording = new Recording()) {
            recording.enable("dev.weir.Blocked").withoutThreshold().withStackTrace();
            recording.start();
            body.run();
            recording.stop();
            recording.dump(file);
        }
        try {
            return RecordingFile.readAllEvents(file);
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void send_thatWaits_isRecordedWithItsChannelAndStack(@TempDir Path folder) throws Exception {
        Channel<Integer> channel = Channel.unbuffered();

        var events = recorded(folder, () -> {
            var sender = Running.run(() -> channel.send(1)).parked();
            channel.receive();
            sender.result();
        });

        assertThat(events)
                .filteredOn(event -> event.getEventType().getName().equals("dev.weir.Blocked"))
                .anySatisfy(event -> {
                    assertThat(event.getString("operation")).isEqualTo("send");
                    assertThat(event.getString("channel")).isEqualTo(channel.toString());
                    assertThat(event.getStackTrace().getFrames())
                            .anyMatch(frame -> frame.getMethod().getName().equals("send"));
                });
    }

    @Test
    void hog_whoseProcessorIsTaken_isRecorded(@TempDir Path folder) throws Exception {
        var scheduler = Scheduler.of("events-retaken", 1);
        assumeThat(scheduler.isOwn()).isTrue();
        var ran = new AtomicBoolean();

        var events = recorded(folder, () -> {
            var hog = scheduler.start("hog", () -> spinUntil(ran));
            scheduler.start("other", () -> ran.set(true)).join();
            hog.join();
        });

        assertThat(events)
                .filteredOn(event -> event.getEventType().getName().equals("dev.weir.Retaken"))
                .anySatisfy(event -> {
                    assertThat(event.getString("scheduler")).isEqualTo("events-retaken");
                    assertThat(event.getString("to")).startsWith("events-retaken-carrier-");
                });
    }

    @Test
    void turn_thatWaitsLongForItsProcessor_isRecorded(@TempDir Path folder) throws Exception {
        var scheduler = Scheduler.of("events-delayed", 1, 1);
        assumeThat(scheduler.isOwn()).isTrue();
        var waited = new AtomicBoolean();

        var events = recorded(folder, () -> {
            var hog = scheduler.start("hog", () -> spinUntil(waited));
            var others = new ArrayList<Thread>();
            for (int i = 0; i < 300; i++) {
                others.add(scheduler.start("other-" + i, () -> {}));
            }
            Thread.sleep(5);
            waited.set(true);
            hog.join();
            for (var other : others) {
                other.join();
            }
        });

        assertThat(events)
                .filteredOn(event -> event.getEventType().getName().equals("dev.weir.Delayed"))
                .anySatisfy(event -> {
                    assertThat(event.getString("lane")).isEqualTo("SAMPLE");
                    assertThat(event.getLong("delay")).isGreaterThanOrEqualTo(Tracing.DELAY_NANOS);
                });
    }

    private static void spinUntil(AtomicBoolean condition) {
        while (!condition.get()) {
            Thread.onSpinWait();
        }
    }
}
