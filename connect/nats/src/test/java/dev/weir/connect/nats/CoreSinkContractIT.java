package dev.weir.connect.nats;

import dev.weir.engine.Connector.Surroundings;
import dev.weir.engine.Sink;
import dev.weir.testkit.Eventually;
import dev.weir.testkit.FromConfig;
import dev.weir.testkit.Numbered;
import dev.weir.testkit.SinkContract;
import dev.weir.testkit.SinkRig;
import io.nats.client.Connection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.io.TempDir;

/// The sink keeps the contract of sinks with core NATS.
class CoreSinkContractIT extends SinkContract {
    @TempDir
    Path folder;

    @Override
    protected SinkRig rig() throws Exception {
        return new AtServer(NatsServer.start(folder));
    }

    private static final class AtServer implements SinkRig {
        private final NatsServer server;
        private final NatsTap tap;
        private final Connection client;
        private final List<String> got = new CopyOnWriteArrayList<>();

        AtServer(NatsServer server) throws Exception {
            this.server = server;
            this.tap = new NatsTap(server.port);
            this.client = server.client();
            client.createDispatcher(message -> got.add(NatsServer.text(message)))
                    .subscribe("things.>");
            client.flush(Eventually.PATIENCE);
        }

        @Override
        public Sink make(Surroundings surroundings) {
            return FromConfig.sink(
                    new NatsConnector(),
                    "{ url: \"" + tap.url() + "\", subject: \"things.{device}\", reconnect-max: 100ms,"
                            + " ack-timeout: 2m, connect-timeout: 2s }",
                    surroundings);
        }

        /// The server has a message when it answers; its subscriber a moment later.
        @Override
        public List<Numbered> received() {
            int before;
            do {
                before = got.size();
                LockSupport.parkNanos(50_000_000);
            } while (got.size() != before);
            return got.stream().map(Numbered::in).toList();
        }

        @Override
        public void peerAway() throws IOException {
            tap.wire.away();
        }

        @Override
        public void peerBack() throws Exception {
            tap.wire.open();
        }

        @Override
        public void hang() {
            tap.silent(true);
        }

        @Override
        public boolean hangs() {
            return tap.published() > 0;
        }

        @Override
        public void recover() {
            tap.silent(false);
        }

        @Override
        public void refuseNext() {
            tap.refuseNext();
        }

        @Override
        public String threads() {
            return "nats-sink-contract";
        }

        @Override
        public void close() throws IOException {
            tap.close();
            server.close();
        }
    }
}
