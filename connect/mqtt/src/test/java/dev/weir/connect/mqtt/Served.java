package dev.weir.connect.mqtt;

import dev.weir.engine.Meters;
import dev.weir.engine.Upgrades;
import dev.weir.engine.access.Access;
import dev.weir.engine.config.HostPort;
import dev.weir.testkit.RecordingInlet;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A server for one test, on a port of its own, with an inlet that records.
final class Served implements AfterEachCallback {
    final RecordingInlet inlet = new RecordingInlet();
    final Map<String, LongAdder> counters = new ConcurrentHashMap<>();
    final Map<String, LongSupplier> gauges = new ConcurrentHashMap<>();
    /// Added to the server's clock.
    final AtomicLong skippedNanos = new AtomicLong();
    final MqttServer server;

    private volatile OptionalLong frozenAt = OptionalLong.empty();

    Served(Consumer<MqttOptions.Builder> changes) throws Exception {
        this(changes, Access.open(), Upgrades.none());
    }

    Served(Consumer<MqttOptions.Builder> changes, Access access, Upgrades upgrades) throws Exception {
        server = new MqttServer(
                "test",
                MqttOptions.of(options -> {
                    options.listen = new HostPort("127.0.0.1", 0);
                    changes.accept(options);
                }),
                new MqttServer.Surrounding(
                        new Meters() {
                            @Override
                            public LongAdder counter(String name, String about, String... labels) {
                                String last = labels.length > 2 ? " " + labels[3] : "";
                                return counters.computeIfAbsent(name + last, absent -> new LongAdder());
                            }

                            @Override
                            public void gauge(String name, String about, LongSupplier value, String... labels) {
                                gauges.put(name, value);
                            }
                        },
                        access,
                        upgrades,
                        this::now));
        server.open(inlet);
    }

    static Served withDefaults() throws Exception {
        return new Served(options -> {});
    }

    private long now() {
        return frozenAt.orElseGet(System::nanoTime) + skippedNanos.get();
    }

    /// From now on the server's clock goes on only by [#skippedNanos], so that nothing depends on
    /// how quick the machine is.
    void freeze() {
        frozenAt = OptionalLong.of(System.nanoTime());
    }

    InetSocketAddress address() {
        return server.address();
    }

    long count(String counter) {
        return counters.getOrDefault(counter, new LongAdder()).sum();
    }

    long gauge(String name) {
        return gauges.getOrDefault(name, () -> -1).getAsLong();
    }

    /// Waits until a condition holds, a minute at most.
    static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long until = System.nanoTime() + 60_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until) {
                throw new AssertionError("not within a minute: " + what);
            }
            java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        server.close();
    }
}
