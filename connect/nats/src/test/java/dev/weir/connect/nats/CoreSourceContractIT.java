package dev.weir.connect.nats;

import dev.weir.engine.Connector.Surroundings;
import dev.weir.engine.Source;
import dev.weir.testkit.FromConfig;
import dev.weir.testkit.Numbered;
import dev.weir.testkit.SourceContract;
import dev.weir.testkit.SourceRig;
import io.nats.client.Connection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.io.TempDir;

/// The source keeps the contract of sources with core NATS.
class CoreSourceContractIT extends SourceContract {
    /// How the source under test is called at the server.
    private static final String CLIENT = "weir-test-node-contract";

    @TempDir
    Path folder;

    @Override
    protected SourceRig rig() throws Exception {
        return new AtServer(NatsServer.start(folder));
    }

    private static final class AtServer implements SourceRig {
        private final NatsServer server;
        private final NatsTap tap;
        private final Map<String, Connection> devices = new ConcurrentHashMap<>();

        AtServer(NatsServer server) throws Exception {
            this.server = server;
            this.tap = new NatsTap(server.port);
        }

        @Override
        public Source make(Surroundings surroundings) throws Exception {
            // Core NATS would give a message to the subscription of the one before.
            server.awaitGone(CLIENT);
            return FromConfig.source(
                    new NatsConnector(),
                    "{ url: \"" + tap.url() + "\", subjects: \"things.>\", reconnect-max: 100ms }",
                    surroundings);
        }

        @Override
        public void send(String device, int n) throws Exception {
            Connection client = devices.get(device);
            if (client == null) {
                client = server.client();
                devices.put(device, client);
            }
            NatsServer.deliver(client, "things." + device, new Numbered(device, n).json());
        }

        /// What comes while the server believes in the old connection is gone.
        @Override
        public void breakConnection() throws Exception {
            peerAway();
            peerBack();
        }

        @Override
        public void peerAway() throws Exception {
            tap.wire.away();
            server.awaitGone(CLIENT);
        }

        @Override
        public void peerBack() throws Exception {
            tap.wire.open();
        }

        @Override
        public String threads() {
            return "nats-source-contract";
        }

        @Override
        public Map<Feature, String> without() {
            return Map.of(
                    Feature.ACKNOWLEDGEMENT, "core NATS acknowledges nothing",
                    Feature.REFUSAL, "core NATS has no way to say 'not now'");
        }

        @Override
        public void close() throws IOException {
            tap.close();
            server.close();
        }
    }
}
