package dev.weir.connect.nats;

import dev.weir.engine.Connector.Surroundings;
import dev.weir.engine.Source;
import dev.weir.testkit.FromConfig;
import dev.weir.testkit.Numbered;
import dev.weir.testkit.SourceContract;
import dev.weir.testkit.SourceRig;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.io.TempDir;

/// The source keeps the contract of sources with JetStream.
class StreamSourceContractIT extends SourceContract {
    @TempDir
    Path folder;

    @Override
    protected SourceRig rig() throws Exception {
        return new AtServer(NatsServer.start(folder));
    }

    private static final class AtServer implements SourceRig {
        private final NatsServer server;
        private final NatsTap tap;
        private final Connection client;
        private final JetStreamManagement management;
        private final Map<Numbered, Long> numbers = new ConcurrentHashMap<>();

        AtServer(NatsServer server) throws Exception {
            this.server = server;
            this.tap = new NatsTap(server.port);
            this.client = server.client();
            this.management = NatsServer.stream(client, "THINGS", "things.>");
        }

        @Override
        public Source make(Surroundings surroundings) {
            return FromConfig.source(
                    new NatsConnector(),
                    "{ url: \"" + tap.url() + "\", stream: THINGS, durable: contract, ack-wait: 2s,"
                            + " reconnect-max: 100ms }",
                    surroundings);
        }

        @Override
        public void send(String device, int n) throws Exception {
            Numbered message = new Numbered(device, n);
            numbers.put(
                    message,
                    client.jetStream()
                            .publish("things." + device, message.bytes())
                            .getSeqno());
        }

        @Override
        public boolean acknowledged(String device, int n) throws Exception {
            try {
                long floor = management
                        .getConsumerInfo("THINGS", "contract")
                        .getAckFloor()
                        .getStreamSequence();
                return floor >= numbers.getOrDefault(new Numbered(device, n), Long.MAX_VALUE);
            } catch (JetStreamApiException notYet) {
                return false;
            }
        }

        @Override
        public void breakConnection() throws IOException {
            tap.wire.cut();
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
        public String threads() {
            return "nats-source-contract";
        }

        @Override
        public Map<Feature, String> without() {
            return Map.of(Feature.REFUSAL, "the source waits, and asks the server for more time");
        }

        @Override
        public void close() throws IOException {
            tap.close();
            server.close();
        }
    }
}
