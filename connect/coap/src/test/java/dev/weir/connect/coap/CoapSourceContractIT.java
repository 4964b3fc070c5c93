package dev.weir.connect.coap;

import dev.weir.engine.Connector.Surroundings;
import dev.weir.engine.Source;
import dev.weir.engine.config.HostPort;
import dev.weir.testkit.Numbered;
import dev.weir.testkit.SourceContract;
import dev.weir.testkit.SourceRig;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.jspecify.annotations.NullUnmarked;

/// The server keeps the contract of sources, with devices that send confirmable requests.
@NullUnmarked
class CoapSourceContractIT extends SourceContract {
    @Override
    protected SourceRig rig() {
        return new Devices();
    }

    private static final class Devices implements SourceRig {
        private final Map<String, Device> devices = new ConcurrentHashMap<>();
        private final Map<Numbered, Request> requests = new ConcurrentHashMap<>();
        private CoapSource server;

        /// A socket of its own, with a window that the server grants.
        private record Device(Peer peer, Semaphore window) {}

        @Override
        public Source make(Surroundings surroundings) {
            server = new CoapSource(SourceOptions.listening(new HostPort("127.0.0.1", 0)), surroundings);
            return server;
        }

        @Override
        public void send(String device, int n) throws Exception {
            Device at = devices.get(device);
            if (at == null) {
                at = new Device(new Peer(), new Semaphore(Telemetry.MAX_PER_PEER / 2));
                devices.put(device, at);
            }
            Numbered message = new Numbered(device, n);
            Semaphore window = at.window;
            window.acquire();
            Request request = new Request(Code.POST);
            request.setURI("coap://127.0.0.1:" + server.address().getPort() + "/things/" + device);
            request.setPayload(message.json());
            request.addMessageObserver(new org.eclipse.californium.core.coap.MessageObserverAdapter() {
                @Override
                public void onResponse(Response response) {
                    window.release();
                }
            });
            requests.put(message, request.send(at.peer.endpoint));
        }

        private Optional<Response> answer(String device, int n) {
            return Optional.ofNullable(requests.get(new Numbered(device, n))).map(Request::getResponse);
        }

        @Override
        public boolean acknowledged(String device, int n) {
            return answer(device, n).filter(Response::isSuccess).isPresent();
        }

        @Override
        public boolean refused(String device, int n) {
            return answer(device, n).filter(answer -> !answer.isSuccess()).isPresent();
        }

        @Override
        public String threads() {
            return "coap-contract";
        }

        @Override
        public Map<Feature, String> without() {
            return Map.of(
                    Feature.CONNECTION, "datagrams",
                    Feature.PEER, "a server",
                    Feature.RETURN, "5.03 asks the device to send it again");
        }

        @Override
        public void close() throws IOException {
            devices.values().forEach(device -> device.peer.close());
        }
    }
}
