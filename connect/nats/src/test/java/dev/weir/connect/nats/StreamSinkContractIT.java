package dev.weir.connect.nats;

import dev.weir.engine.Connector.Surroundings;
import dev.weir.engine.Sink;
import dev.weir.testkit.FromConfig;
import dev.weir.testkit.Numbered;
import dev.weir.testkit.SinkContract;
import dev.weir.testkit.SinkRig;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/// The sink keeps the contract of sinks with JetStream.
class StreamSinkContractIT extends SinkContract {
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
        private final JetStreamManagement management;
        private final List<Numbered> got = new ArrayList<>();

        AtServer(NatsServer server) throws Exception {
            this.server = server;
            this.tap = new NatsTap(server.port);
            this.client = server.client();
            this.management = NatsServer.stream(client, "THINGS", "things.>");
        }

        @Override
        public Sink make(Surroundings surroundings) {
            return FromConfig.sink(
                    new NatsConnector(),
                    "{ url: \"" + tap.url() + "\", subject: \"things.{device}\", jetstream: true,"
                            + " reconnect-max: 100ms, ack-timeout: 2m, connect-timeout: 2s }",
                    surroundings);
        }

        /// What the stream has.
        @Override
        public List<Numbered> received() throws Exception {
            long last = management.getStreamInfo("THINGS").getStreamState().getLastSequence();
            while (got.size() < last) {
                byte[] data = management.getMessage("THINGS", got.size() + 1L).getData();
                got.add(Numbered.in(new String(data, StandardCharsets.UTF_8)));
            }
            return List.copyOf(got);
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
