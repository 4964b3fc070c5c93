package dev.weir.connect.coap;

import dev.weir.connect.coap.ActionOptions.Method;
import dev.weir.engine.Connector.Surroundings;
import dev.weir.engine.Sink;
import dev.weir.engine.Template;
import dev.weir.testkit.Numbered;
import dev.weir.testkit.SinkContract;
import dev.weir.testkit.SinkRig;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// The sink keeps the contract of sinks, with Californium's server.
class CoapSinkContractIT extends SinkContract {
    @Override
    protected SinkRig rig() throws Exception {
        return new Rig();
    }

    private static final class Rig implements SinkRig {
        private final CoapServer server = new CoapServer();

        Rig() throws IOException {}

        @Override
        public Sink make(Surroundings surroundings) {
            Template url = Template.parse(server.url("{device}"), Template.Place.URL);
            // An absent server is silence over UDP: only the timeout tells.
            ActionOptions options = new ActionOptions(Method.PUT, true, Duration.ofSeconds(2));
            return new CoapSink(url, new CoapActuator(options, surroundings.name()));
        }

        @Override
        public List<Numbered> received() {
            return server.received;
        }

        @Override
        public void peerAway() {
            server.close();
        }

        @Override
        public void peerBack() throws IOException {
            server.back();
        }

        @Override
        public void hang() {
            server.hanging = true;
        }

        @Override
        public boolean hangs() {
            return !server.silent.isEmpty();
        }

        @Override
        public void recover() {
            server.hanging = false;
        }

        @Override
        public void refuseNext() {
            server.refusing = true;
        }

        @Override
        public String threads() {
            return "coap-contract";
        }

        @Override
        public void close() {
            server.close();
        }
    }
}
