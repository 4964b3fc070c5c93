package dev.weir.connect.mqttclient;

import dev.weir.engine.Schema;
import dev.weir.engine.Sink;
import dev.weir.testkit.Numbered;
import dev.weir.testkit.RecordingInlet;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullUnmarked;

/// Publishes what a source takes, as a node with one pipeline does.
@NullUnmarked
final class Bridge implements AutoCloseable {
    private final RecordingInlet inlet = new RecordingInlet();
    private final AtomicInteger passed = new AtomicInteger();
    private final Schema schema = new Schema("bridge");
    private final Thread thread;

    Bridge(Sink to) {
        thread = Thread.ofVirtual().start(() -> run(to));
    }

    private void run(Sink to) {
        try {
            while (true) {
                RecordingInlet.Taken taken = inlet.taken.take();
                to.write(List.of(Numbered.in(taken.text()).reading(schema).hops(taken.hops())));
                passed.incrementAndGet();
            }
        } catch (InterruptedException | IOException closed) {
            Thread.currentThread().interrupt();
        }
    }

    RecordingInlet inlet() {
        return inlet;
    }

    int passed() {
        return passed.get();
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
