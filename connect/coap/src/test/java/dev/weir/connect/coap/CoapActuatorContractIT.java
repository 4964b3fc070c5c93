package dev.weir.connect.coap;

import dev.weir.connect.coap.ActionOptions.Method;
import dev.weir.engine.Actuator;
import dev.weir.engine.Connector.Surroundings;
import dev.weir.testkit.ActuatorContract;
import dev.weir.testkit.ActuatorRig;
import dev.weir.testkit.Numbered;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// The action `coap` keeps the contract of actuators, with Californium's server.
class CoapActuatorContractIT extends ActuatorContract {
    @Override
    protected ActuatorRig rig() throws Exception {
        return new Rig();
    }

    private static final class Rig implements ActuatorRig {
        private final CoapServer server = new CoapServer();

        Rig() throws IOException {}

        @Override
        public Actuator make(Surroundings surroundings) {
            // An absent server is silence over UDP: only the timeout tells.
            return new CoapActuator(new ActionOptions(Method.PUT, true, Duration.ofSeconds(2)), surroundings.name());
        }

        @Override
        public String address(String device) {
            return server.url(device);
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
        public String threads() {
            return "coap-contract";
        }

        @Override
        public void close() {
            server.close();
        }
    }
}
