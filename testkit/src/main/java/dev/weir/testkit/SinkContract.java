package dev.weir.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.engine.Reading;
import dev.weir.engine.Schema;
import dev.weir.engine.Sink;
import dev.weir.testkit.SinkRig.Feature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What every sink does, against its real peer. A connector's test extends it and gives a
/// [SinkRig].
@Timeout(60)
public abstract class SinkContract {
    private static final String DEVICE = "d1";
    private static final int DEVICES = 4;
    private static final int EACH = 10;

    private final Schema schema = new Schema("contract");

    @TempDir
    Path folder;

    private SinkRig rig;
    private Sink sink;

    /// Makes the peer for one test.
    protected abstract SinkRig rig() throws Exception;

    @BeforeEach
    final void begin() throws Exception {
        rig = rig();
        sink = rig.make(TestSurroundings.of("contract", data()));
    }

    @AfterEach
    final void end() throws Exception {
        try {
            sink.close();
        } finally {
            rig.close();
        }
    }

    // --- life ------------------------------------------------------------------------------------

    @Test
    void construct_touchesNothingOutside() throws Exception {
        assertThat(data()).doesNotExist();
        assertThat(LiveThreads.named(rig.threads())).isEmpty();
        assertThat(sink.batch()).isPositive();
    }

    @Test
    void close_neverOpenedOrTwice_returns() throws Exception {
        close();
        close();
    }

    @Test
    void close_opened_endsAllThreads() throws Exception {
        sink.open();
        write(0);
        close();
        Eventually.until(
                "no thread is left of " + LiveThreads.named(rig.threads()),
                () -> LiveThreads.named(rig.threads()).isEmpty());
    }

    @Test
    void open_whilePeerIsAway_isNoError() throws Exception {
        needs(Feature.PEER);
        rig.peerAway();
        sink.open();
        rig.peerBack();
        writeUntilItWorks(0);
        assertThat(rig.received()).containsExactly(message(0));
    }

    // --- write -----------------------------------------------------------------------------------

    @Test
    void write_returns_onceThePeerHasIt() throws Exception {
        sink.open();
        for (int n = 0; n < 5; n++) {
            write(n);
            assertThat(rig.received()).last().isEqualTo(message(n));
        }
        assertThat(rig.received()).containsExactlyElementsOf(messages(DEVICE, 0, 5));
    }

    @Test
    void write_wholeBatches_keepTheirOrder() throws Exception {
        sink.open();
        int size = Math.min(sink.batch(), 1000);
        sink.write(readings(DEVICE, 0, size));
        sink.write(readings(DEVICE, size, 2 * size));
        assertThat(rig.received()).containsExactlyElementsOf(messages(DEVICE, 0, 2 * size));
    }

    @Test
    void write_partitionsAtTheSameTime_keepTheOrderOfEachDevice() throws Exception {
        sink.open();
        List<Background> writers = new ArrayList<>();
        for (int d = 1; d <= DEVICES; d++) {
            String device = "d" + d;
            writers.add(Background.start("write " + device, () -> {
                for (int n = 0; n < EACH; n++) {
                    sink.write(readings(device, n, n + 1));
                }
            }));
        }
        for (Background writer : writers) {
            writer.join();
        }
        List<Numbered> received = rig.received();
        assertThat(received).hasSize(DEVICES * EACH);
        for (int d = 1; d <= DEVICES; d++) {
            String device = "d" + d;
            assertThat(received.stream().filter(message -> message.device().equals(device)))
                    .containsExactlyElementsOf(messages(device, 0, EACH));
        }
    }

    // --- failures --------------------------------------------------------------------------------

    @Test
    void write_whilePeerIsAway_failsAndWorksLater() throws Exception {
        needs(Feature.PEER);
        sink.open();
        write(0);
        rig.peerAway();
        List<Reading> batch = readings(DEVICE, 1, 2);
        assertThatThrownBy(() -> sink.write(batch))
                .isInstanceOf(IOException.class)
                .message()
                .isNotBlank();
        rig.peerBack();
        writeUntilItWorks(1);
        write(2);
        List<Numbered> received = rig.received();
        if (has(Feature.ONCE)) {
            assertThat(received).containsExactlyElementsOf(messages(DEVICE, 0, 3));
        } else {
            assertThat(received.stream().distinct()).containsExactlyElementsOf(messages(DEVICE, 0, 3));
        }
    }

    @Test
    void write_refused_saysSoAndTheNextIsTaken() throws Exception {
        needs(Feature.REFUSAL);
        sink.open();
        rig.refuseNext();
        assertThatThrownBy(() -> sink.write(readings(DEVICE, 0, 1)))
                .isInstanceOf(Sink.Refused.class)
                .message()
                .isNotBlank();
        write(1);
        assertThat(rig.received()).last().isEqualTo(message(1));
    }

    // --- cancel, close ---------------------------------------------------------------------------

    @Test
    void interrupt_whileWriteBlocks_endsItAndLeavesTheSinkUsable() throws Exception {
        Background writing = hangingWrite();
        writing.interrupt();
        assertThat(writing.outcome()).isInstanceOfAny(InterruptedException.class, IOException.class);
        rig.recover();
        writeUntilItWorks(0);
        assertThat(rig.received()).last().isEqualTo(message(0));
    }

    @Test
    void close_whileWriteBlocks_endsBoth() throws Exception {
        Background writing = hangingWrite();
        close();
        assertThat(writing.outcome())
                .as("what the writer is told")
                .isInstanceOfAny(IOException.class, InterruptedException.class);
    }

    private Background hangingWrite() throws Exception {
        needs(Feature.HANG);
        sink.open();
        rig.hang();
        Background writing = Background.start("write", () -> write(0));
        Eventually.until("the sink waits for the peer", rig::hangs);
        assertThat(writing.isRunning()).isTrue();
        return writing;
    }

    @Test
    void write_afterClose_failsAndWritesNothing() throws Exception {
        sink.open();
        write(0);
        close();
        List<Numbered> before = rig.received();
        assertThatThrownBy(() -> write(1)).isInstanceOf(Exception.class);
        assertThat(rig.received()).isEqualTo(before);
    }

    // --- how -------------------------------------------------------------------------------------

    private Path data() {
        return folder.resolve("contract");
    }

    private void close() throws InterruptedException {
        Background.start("close", sink::close).join();
    }

    private boolean has(Feature feature) {
        return !rig.without().containsKey(feature);
    }

    private void needs(Feature feature) {
        Skipped.without(feature, rig.without());
    }

    private static Numbered message(int n) {
        return new Numbered(DEVICE, n);
    }

    private void write(int n) throws IOException, InterruptedException {
        sink.write(readings(DEVICE, n, n + 1));
    }

    /// Repeats the same batch, as the engine does.
    private void writeUntilItWorks(int n) throws Exception {
        List<Reading> batch = readings(DEVICE, n, n + 1);
        Eventually.until("the peer that is back takes the batch", () -> {
            try {
                sink.write(batch);
                return true;
            } catch (IOException notYet) {
                return false;
            }
        });
    }

    private List<Reading> readings(String device, int from, int to) {
        return messages(device, from, to).stream()
                .map(message -> message.reading(schema))
                .toList();
    }

    private static List<Numbered> messages(String device, int from, int to) {
        List<Numbered> messages = new ArrayList<>();
        for (int n = from; n < to; n++) {
            messages.add(new Numbered(device, n));
        }
        return messages;
    }
}
