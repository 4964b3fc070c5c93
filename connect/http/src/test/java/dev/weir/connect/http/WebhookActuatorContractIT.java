package dev.weir.connect.http;

import dev.weir.engine.Actuator;
import dev.weir.engine.Connector.Surroundings;
import dev.weir.testkit.ActuatorContract;
import dev.weir.testkit.ActuatorRig;
import dev.weir.testkit.Numbered;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The action `webhook` keeps the contract of actuators, with a web server.
class WebhookActuatorContractIT extends ActuatorContract {
    @Override
    protected ActuatorRig rig() throws Exception {
        return new Rig();
    }

    private static final class Rig implements ActuatorRig {
        private final PostedTo server = new PostedTo();

        Rig() throws IOException {}

        @Override
        public Actuator make(Surroundings surroundings) {
            Duration patience = Duration.ofMinutes(2);
            return new WebhookActuator(
                    new WebhookOptions(server.url(), Map.of(), patience, 1, patience, false), surroundings.name());
        }

        @Override
        public String address(String device) {
            return server.url() + "/" + device;
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
        public String threads() {
            return "webhook-contract";
        }

        @Override
        public void close() {
            server.close();
        }
    }
}
