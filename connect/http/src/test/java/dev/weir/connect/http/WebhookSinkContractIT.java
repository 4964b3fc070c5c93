package dev.weir.connect.http;

import dev.weir.engine.Connector.Surroundings;
import dev.weir.engine.Sink;
import dev.weir.testkit.Numbered;
import dev.weir.testkit.SinkContract;
import dev.weir.testkit.SinkRig;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The sink keeps the contract of sinks, with a web server.
class WebhookSinkContractIT extends SinkContract {
    @Override
    protected SinkRig rig() throws Exception {
        return new Rig();
    }

    private static final class Rig implements SinkRig {
        private final PostedTo server = new PostedTo();

        Rig() throws IOException {}

        @Override
        public Sink make(Surroundings surroundings) {
            Duration patience = Duration.ofMinutes(2);
            return new WebhookSink(
                    new WebhookOptions(server.url(), Map.of(), patience, 10, patience, false),
                    surroundings.node(),
                    surroundings.name());
        }

        @Override
        public List<Numbered> received() {
            return server.received;
        }

        @Override
        public void peerAway() {
            server.away();
        }

        @Override
        public void peerBack() throws IOException {
            server.back();
        }

        @Override
        public void hang() {
            server.hang();
        }

        @Override
        public boolean hangs() {
            return server.silent.get() > 0;
        }

        @Override
        public void recover() {
            server.recover();
        }

        @Override
        public void refuseNext() {
            server.refusing = true;
        }

        @Override
        public String threads() {
            return "webhook-contract";
        }

        @Override
        public void close() {
            server.close();
        }
    }
}
