package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.engine.Inlet;
import dev.weir.engine.Message;
import dev.weir.engine.Meters;
import dev.weir.engine.Receipt;
import dev.weir.engine.Source;
import dev.weir.engine.flow.Supervised;
import dev.weir.engine.flow.Vigilance;
import dev.weir.runtime.supervise.Backoff;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SourcesTest {
    private static final Vigilance SHORT = new Vigilance(Duration.ofMillis(50), Duration.ofMillis(50), Backoff.none());

    private final ConcurrentLinkedQueue<String> taken = new ConcurrentLinkedQueue<>();
    private final List<Scripted> made = new CopyOnWriteArrayList<>();
    private volatile boolean refusing;
    private final Sources sources = new Sources(
            new Sources.Makers(this::make, this::make, _ -> new Taking()),
            Meters.none(),
            SHORT,
            Duration.ofSeconds(12));

    /// A source whose messages the test sends.
    private final class Scripted implements Source {
        private volatile Inlet inlet = new Taking();
        private volatile boolean closed;

        @Override
        public void open(Inlet into) throws IOException {
            if (refusing) {
                throw new IOException("the port is taken");
            }
            inlet = into;
        }

        @Override
        public void close() {
            closed = true;
        }

        List<Receipt> send(String text) throws InterruptedException {
            var told = new ArrayList<Receipt>();
            inlet.accept(Message.of(text, new byte[0]), told::add);
            return told;
        }
    }

    private final class Taking implements Inlet {
        @Override
        public void accept(Message message, Ack ack) {
            taken.add(message.address());
            ack.settle(Receipt.ACCEPTED);
        }

        @Override
        public void accept(Message message, Ack ack, Duration patience) {
            accept(message, ack);
        }

        @Override
        public void rejected(String reason) {
            taken.add(reason);
        }

        @Override
        public void finished() {}
    }

    private Scripted make(String name) {
        var source = new Scripted();
        made.add(source);
        return source;
    }

    private Supervised state() {
        return sources.state().getFirst();
    }

    @AfterEach
    void close() throws InterruptedException {
        assertThat(sources.close()).isEmpty();
        assertThat(made).allMatch(source -> source.closed);
    }

    @Test
    void failed_saidByASource_closesItAndOpensAnotherOne() throws Exception {
        sources.open("in");
        made.getFirst().send("before");
        made.getFirst().inlet.failed(new IOException("nobody accepts any more"));
        NodeRig.await("another one is open", () -> made.size() == 2 && state().restarts() == 1);
        NodeRig.await(
                "it takes messages",
                () -> made.getLast().inlet != null
                        && !made.getLast().send("after").isEmpty());
        assertThat(made.getFirst().closed).isTrue();
        assertThat(taken).startsWith("before").endsWith("after");
        assertThat(state()).returns("source in", Supervised::name).returns(Supervised.State.RUNNING, Supervised::state);
    }

    @Test
    void open_thatIsRefusedLater_isTriedAgainUntilItWorks() throws Exception {
        sources.open("in");
        refusing = true;
        made.getFirst().inlet.failed(new IllegalStateException("died"));
        NodeRig.await("it was tried again and again", () -> made.size() > 3);
        assertThat(state().lastFailure())
                .hasValueSatisfying(trouble -> assertThat(trouble.what()).isEqualTo("java.io.IOException"));
        refusing = false;
        NodeRig.await(
                "it works again",
                () -> state().state() == Supervised.State.RUNNING
                        && made.getLast().send("x").contains(Receipt.ACCEPTED));
    }

    @Test
    void open_thatIsRefusedTheFirstTime_failsAndIsNotTriedAgain() {
        refusing = true;
        assertThatThrownBy(() -> sources.open("in")).isInstanceOf(IOException.class);
        assertThat(sources.state()).isEmpty();
    }

    @Test
    void accept_ofASourceThatWasReplaced_takesNothingAnyMore() throws Exception {
        sources.open("in");
        made.getFirst().inlet.failed(new IOException("gone"));
        NodeRig.await("another one is open", () -> made.size() == 2);
        assertThat(made.getFirst().send("late")).containsExactly(Receipt.OVERLOADED);
        assertThat(taken).containsExactly("closed");
    }
}
