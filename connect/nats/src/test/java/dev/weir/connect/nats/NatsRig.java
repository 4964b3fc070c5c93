package dev.weir.connect.nats;

import dev.weir.engine.Connector.Surroundings;
import dev.weir.engine.Reading;
import dev.weir.engine.Schema;
import dev.weir.engine.Sink;
import dev.weir.engine.Source;
import dev.weir.testkit.CountingMeters;
import dev.weir.testkit.Eventually;
import dev.weir.testkit.FromConfig;
import dev.weir.testkit.Numbered;
import dev.weir.testkit.RecordingInlet;
import dev.weir.testkit.TestSurroundings;
import io.nats.client.Connection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What the tests of connectors at a real server share.
@NullUnmarked
@Timeout(60)
abstract class NatsRig {
    @TempDir
    Path folder;

    final RecordingInlet inlet = new RecordingInlet();
    final CountingMeters meters = new CountingMeters();
    final List<AutoCloseable> opened = new ArrayList<>();
    private final Schema schema = new Schema("s");
    NatsServer server;

    void server(String... lines) throws Exception {
        server = NatsServer.start(folder, lines);
        opened.add(server);
    }

    private Surroundings called(String name) {
        return TestSurroundings.with(TestSurroundings.of(name, folder.resolve(name)), meters);
    }

    Source source(String options) throws Exception {
        return source(inlet, "src", "url: \"" + server.url() + "\", reconnect-max: 200ms, " + options);
    }

    Source source(RecordingInlet into, String name, String options) throws Exception {
        Source source = FromConfig.source(new NatsConnector(), "{ " + options + " }", called(name));
        opened.add(source);
        source.open(into);
        return source;
    }

    Sink sink(String options) throws Exception {
        return sink("out", "url: \"" + server.url() + "\", connect-timeout: 1s, reconnect-max: 200ms, " + options);
    }

    Sink sink(String name, String options) throws Exception {
        Sink sink = FromConfig.sink(new NatsConnector(), "{ " + options + " }", called(name));
        opened.add(sink);
        sink.open();
        return sink;
    }

    @AfterEach
    void close() throws Exception {
        inlet.shut(false);
        for (AutoCloseable one : opened.reversed()) {
            one.close();
        }
    }

    static String payload(int n) {
        return new Numbered("d1", n).json();
    }

    List<Reading> readings(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(n -> new Numbered("d1", n).reading(schema))
                .toList();
    }

    static List<Integer> numbers(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    /// Fills a stream.
    static void fill(Connection client, String subject, int from, int to) throws Exception {
        for (int n = from; n < to; n++) {
            client.jetStream().publish(subject, NatsServer.bytes(payload(n)));
        }
    }

    List<Integer> numbersTaken() {
        return inlet.taken.stream().map(taken -> Numbered.in(taken.text()).n()).toList();
    }

    void awaitNumbers(List<Integer> expected) throws Exception {
        try {
            Eventually.until("there are " + expected, () -> numbersTaken().equals(expected));
        } catch (AssertionError never) {
            throw new AssertionError("there were " + numbersTaken(), never);
        }
    }

    /// Repeats a batch, as the engine does.
    static void writeUntilItWorks(Sink sink, List<Reading> batch) throws Exception {
        Eventually.until("it works again", () -> {
            try {
                sink.write(batch);
                return true;
            } catch (IOException notYet) {
                return false;
            }
        });
    }

    void awaitUp(String name, String part, int expected) throws Exception {
        Eventually.until(
                "link up is " + expected, () -> meters.gauge("weir_link_up", "name", name, "part", part) == expected);
    }
}
