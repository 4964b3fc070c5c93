package dev.weir.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.Receipt;
import dev.weir.engine.Source;
import dev.weir.testkit.SourceRig.Feature;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What every source does, against its real peer. A connector's test extends it and gives a
/// [SourceRig]:
///
/// ```java
/// class MySourceContractIT extends SourceContract {
///     protected SourceRig rig() { return new Devices(); }
/// }
/// ```
@Timeout(60)
public abstract class SourceContract {
    private static final String DEVICE = "d1";
    private static final int DEVICES = 4;
    private static final int EACH = 25;

    /// The inlet of the test that runs.
    protected final RecordingInlet inlet = new RecordingInlet();

    @TempDir
    Path folder;

    private final List<Numbered> taken = new CopyOnWriteArrayList<>();
    private SourceRig rig;
    private Source source;

    /// Makes the peer for one test.
    protected abstract SourceRig rig() throws Exception;

    @BeforeEach
    final void begin() throws Exception {
        rig = rig();
        source = make();
    }

    @AfterEach
    final void end() throws Exception {
        inlet.shut(false);
        try {
            source.close();
        } finally {
            rig.close();
        }
    }

    // --- life ------------------------------------------------------------------------------------

    @Test
    void construct_touchesNothingOutside() throws Exception {
        assertThat(data()).doesNotExist();
        assertThat(LiveThreads.named(rig.threads())).isEmpty();
        assertThat(source.worstCaseBytes()).isNotNegative();
    }

    @Test
    void worstCaseBytes_ofWhatItBuffers_isStated() {
        needs(Feature.BUFFERS);
        assertThat(source.worstCaseBytes()).isPositive();
    }

    @Test
    void close_neverOpened_returns() throws Exception {
        close();
        close();
    }

    @Test
    void close_twice_returns() throws Exception {
        source.open(inlet);
        close();
        close();
    }

    @Test
    void close_opened_endsAllThreads() throws Exception {
        source.open(inlet);
        rig.send(DEVICE, 0);
        awaitTaken(1);
        close();
        Eventually.until(
                "no thread is left of " + LiveThreads.named(rig.threads()),
                () -> LiveThreads.named(rig.threads()).isEmpty());
    }

    @Test
    void open_anotherAfterClose_takesMessagesAgain() throws Exception {
        source.open(inlet);
        rig.send(DEVICE, 0);
        awaitTaken(1);
        close();
        source = make();
        inlet.begin();
        source.open(inlet);
        rig.send(DEVICE, 1);
        awaitTaken(new Numbered(DEVICE, 1));
    }

    // --- read, acknowledge -----------------------------------------------------------------------

    @Test
    void read_messagesOfDevice_arriveOnceInOrder() throws Exception {
        source.open(inlet);
        for (int n = 0; n < 5; n++) {
            rig.send(DEVICE, n);
        }
        awaitTaken(5);
        assertThat(taken).containsExactlyElementsOf(Numbered.first(DEVICE, 5));
    }

    @Test
    void read_devicesAtTheSameTime_keepsTheOrderOfEach() throws Exception {
        source.open(inlet);
        List<Background> senders = new ArrayList<>();
        for (int d = 1; d <= DEVICES; d++) {
            String device = "d" + d;
            senders.add(Background.start("send " + device, () -> sendAll(device)));
        }
        for (Background sender : senders) {
            sender.join();
        }
        awaitTaken(DEVICES * EACH);
        for (int d = 1; d <= DEVICES; d++) {
            String device = "d" + d;
            assertThat(taken.stream().filter(message -> message.device().equals(device)))
                    .containsExactlyElementsOf(Numbered.first(device, EACH));
        }
    }

    private void sendAll(String device) throws Exception {
        for (int n = 0; n < EACH; n++) {
            rig.send(device, n);
        }
    }

    @Test
    void settle_late_acknowledgesOnlyThen() throws Exception {
        needs(Feature.ACKNOWLEDGEMENT);
        inlet.settleAtOnce = false;
        source.open(inlet);
        rig.send(DEVICE, 0);
        RecordingInlet.Taken message = inlet.next();
        Eventually.never("acknowledged before it was settled", () -> rig.acknowledged(DEVICE, 0));
        message.ack().settle(Receipt.ACCEPTED);
        Eventually.until("the peer knows that its message was taken", () -> rig.acknowledged(DEVICE, 0));
    }

    @Test
    void settle_severalInAnotherOrder_acknowledgesEachOnlyAfterItsOwn() throws Exception {
        needs(Feature.ACKNOWLEDGEMENT);
        needs(Feature.IN_FLIGHT);
        inlet.settleAtOnce = false;
        source.open(inlet);
        List<RecordingInlet.Taken> messages = new ArrayList<>();
        for (int n = 0; n < 3; n++) {
            rig.send(DEVICE, n);
            messages.add(inlet.next());
        }
        messages.get(2).ack().settle(Receipt.ACCEPTED);
        Eventually.never(
                "acknowledged before it was settled", () -> rig.acknowledged(DEVICE, 0) || rig.acknowledged(DEVICE, 1));
        messages.get(1).ack().settle(Receipt.ACCEPTED);
        Eventually.never("acknowledged before it was settled", () -> rig.acknowledged(DEVICE, 0));
        messages.get(0).ack().settle(Receipt.ACCEPTED);
        for (int n = 0; n < 3; n++) {
            int each = n;
            Eventually.until("message " + n + " is acknowledged", () -> rig.acknowledged(DEVICE, each));
        }
    }

    // --- not taken -------------------------------------------------------------------------------

    @Test
    void noRoom_isNeverAcknowledged_andTheSourceGoesOnOnceThereIsRoom() throws Exception {
        source.open(inlet);
        inlet.shut(true);
        Background sending = Background.start("send", () -> rig.send(DEVICE, 0));
        Eventually.until("the source asks for room", () -> inlet.waiting() > 0);
        if (has(Feature.ACKNOWLEDGEMENT)) {
            Eventually.never("acknowledged though there was no room", () -> rig.acknowledged(DEVICE, 0));
        }
        if (has(Feature.REFUSAL)) {
            Eventually.until("the peer is told that there is no room", () -> rig.refused(DEVICE, 0));
        }
        inlet.shut(false);
        sending.join();
        if (has(Feature.RETURN)) {
            awaitTaken(new Numbered(DEVICE, 0));
        }
        rig.send(DEVICE, 1);
        awaitTaken(new Numbered(DEVICE, 1));
        if (has(Feature.ACKNOWLEDGEMENT)) {
            Eventually.until("the next is acknowledged", () -> rig.acknowledged(DEVICE, 1));
        }
    }

    @Test
    void undecodable_isSettledAndTheNextIsTaken() throws Exception {
        settledWith(new Receipt.Undecodable("decode", "not what was expected"));
    }

    @Test
    void unmatched_isSettledAndTheNextIsTaken() throws Exception {
        settledWith(Receipt.UNMATCHED);
    }

    /// The peer must not send for ever what the node will never want.
    private void settledWith(Receipt receipt) throws Exception {
        inlet.receipt = receipt;
        source.open(inlet);
        rig.send(DEVICE, 0);
        awaitTaken(1);
        inlet.receipt = Receipt.ACCEPTED;
        if (has(Feature.ACKNOWLEDGEMENT)) {
            Eventually.until(
                    "the peer knows that it is done with", () -> rig.acknowledged(DEVICE, 0) || rig.refused(DEVICE, 0));
        }
        rig.send(DEVICE, 1);
        awaitTaken(new Numbered(DEVICE, 1));
        assertThat(taken).containsExactlyElementsOf(Numbered.first(DEVICE, 2));
    }

    // --- lost connections ------------------------------------------------------------------------

    @Test
    void connection_broken_isMadeAgainAndTakesNothingTwice() throws Exception {
        needs(Feature.CONNECTION);
        source.open(inlet);
        rig.send(DEVICE, 0);
        awaitTaken(1);
        if (has(Feature.ACKNOWLEDGEMENT)) {
            Eventually.until("it is acknowledged", () -> rig.acknowledged(DEVICE, 0));
        }
        rig.breakConnection();
        rig.send(DEVICE, 1);
        awaitTaken(new Numbered(DEVICE, 1));
        assertThat(taken).containsExactlyElementsOf(Numbered.first(DEVICE, 2));
    }

    @Test
    void connection_brokenBeforeSettling_harmsNobody() throws Exception {
        needs(Feature.CONNECTION);
        inlet.settleAtOnce = false;
        source.open(inlet);
        rig.send(DEVICE, 0);
        RecordingInlet.Taken message = inlet.next();
        rig.breakConnection();
        inlet.settleAtOnce = true;
        message.ack().settle(Receipt.ACCEPTED);
        rig.send(DEVICE, 1);
        awaitTaken(new Numbered(DEVICE, 1));
    }

    @Test
    void peer_awayAndBack_isFoundAgain() throws Exception {
        needs(Feature.PEER);
        source.open(inlet);
        rig.send(DEVICE, 0);
        awaitTaken(1);
        rig.peerAway();
        rig.peerBack();
        rig.send(DEVICE, 1);
        awaitTaken(new Numbered(DEVICE, 1));
    }

    @Test
    void close_whilePeerIsAway_returns() throws Exception {
        needs(Feature.PEER);
        source.open(inlet);
        rig.peerAway();
        close();
    }

    // --- close -----------------------------------------------------------------------------------

    @Test
    void close_whileTheInletBlocks_returnsAndTakesNothing() throws Exception {
        source.open(inlet);
        inlet.shut(true);
        Background sending = Background.start("send", () -> rig.send(DEVICE, 0));
        Eventually.until("the source asks for room", () -> inlet.waiting() > 0);
        close();
        inlet.shut(false);
        sending.outcome();
        Eventually.never("handed over after close", () -> !inlet.late().isEmpty() || inlet.count.get() > 0);
        if (has(Feature.ACKNOWLEDGEMENT)) {
            assertThat(rig.acknowledged(DEVICE, 0))
                    .as("acknowledged though not taken")
                    .isFalse();
        }
    }

    @Test
    void close_whileDevicesSend_handsNothingOverAfterwards() throws Exception {
        source.open(inlet);
        List<Background> senders = new ArrayList<>();
        for (int d = 1; d <= DEVICES; d++) {
            String device = "d" + d;
            senders.add(Background.start("send " + device, () -> sendUntilItFails(device)));
        }
        awaitTaken(DEVICES);
        close();
        Eventually.never("handed over after close", () -> !inlet.late().isEmpty());
        senders.forEach(Background::interrupt);
        for (Background sender : senders) {
            sender.outcome();
        }
        assertThat(inlet.late()).isEmpty();
    }

    private void sendUntilItFails(String device) throws Exception {
        for (int n = 0; n < 10_000 && !Thread.currentThread().isInterrupted(); n++) {
            rig.send(device, n);
        }
    }

    @Test
    void settle_afterClose_harmsNobody() throws Exception {
        inlet.settleAtOnce = false;
        source.open(inlet);
        rig.send(DEVICE, 0);
        RecordingInlet.Taken message = inlet.next();
        close();
        message.ack().settle(Receipt.ACCEPTED);
    }

    // --- how -------------------------------------------------------------------------------------

    private Path data() {
        return folder.resolve("contract");
    }

    private Source make() throws Exception {
        return rig.make(TestSurroundings.of("contract", data()));
    }

    /// Closes the source within the deadline; from then on nothing may come.
    private void close() throws Exception {
        Background.start("close", source::close).join();
        assertThat(inlet.waiting())
                .as("callers in the inlet when close returned")
                .isZero();
        inlet.end();
    }

    private boolean has(Feature feature) {
        return !rig.without().containsKey(feature);
    }

    private void needs(Feature feature) {
        Skipped.without(feature, rig.without());
    }

    private void awaitTaken(int number) throws Exception {
        Eventually.until(number + " messages are taken, " + inlet.count + " were at first", () -> {
            drain();
            return taken.size() >= number;
        });
    }

    private void awaitTaken(Numbered message) throws Exception {
        Eventually.until(message + " is taken", () -> {
            drain();
            return taken.contains(message);
        });
    }

    private void drain() {
        RecordingInlet.Taken next = inlet.taken.poll();
        while (next != null) {
            taken.add(rig.read(next));
            next = inlet.taken.poll();
        }
    }
}
