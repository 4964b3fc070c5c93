package dev.weir.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
}
