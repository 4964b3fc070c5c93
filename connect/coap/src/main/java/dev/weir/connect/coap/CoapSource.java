package dev.weir.connect.coap;

import dev.weir.engine.Connector.Surroundings;
import dev.weir.engine.Inlet;
import dev.weir.engine.Source;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.network.interceptors.MessageInterceptorAdapter;
import org.eclipse.californium.elements.config.Configuration;
import org.jspecify.annotations.Nullable;

/// A CoAP server for telemetry. See the package for threads and bounds.
final class CoapSource implements Source {
    private static final long CLOSE_SECONDS = 2;

    private final SourceOptions options;
    private final Surroundings surroundings;

    /// Guarded by this. Null before `open` and after `close`.
    private @Nullable Running running;

    private record Running(CoapEndpoint endpoint, Stage stage, ExecutorService turns) {}

    CoapSource(SourceOptions options, Surroundings surroundings) {
        this.options = options;
        this.surroundings = surroundings;
    }

    /// Payloads that wait for the pipelines, bodies that are being put together from blocks, one of
    /// each peer, and datagrams that wait for the protocol thread.
    @Override
    public long worstCaseBytes() {
        long payloads = (long) options.maxConcurrent() + options.maxPeers();
        return payloads * options.maxPayload() + BoundedSocket.WORST_CASE_BYTES;
    }

    @Override
    public synchronized void open(Inlet inlet) throws IOException {
        InetSocketAddress address = options.listen().resolve();
        if (address.isUnresolved()) {
            throw new IOException("coap cannot listen on " + options.listen() + ": no such host; name an address of"
                    + " this machine, or 0.0.0.0 for all of them");
        }
        String name = "coap-" + surroundings.name();
        Stage stage = new Stage(name);
        ExecutorService turns = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name(name + "-turn-", 0).factory());
        CoapEndpoint endpoint = endpoint(address, inlet, stage, turns);
        try {
            endpoint.start();
        } catch (IOException e) {
            turns.shutdown();
            endpoint.destroy();
            stage.close();
            throw new IOException(
                    "coap cannot listen on " + options.listen() + " (UDP): " + e.getMessage()
                            + "; stop what uses the port, or give another with 'listen:'",
                    e);
        }
        running = new Running(endpoint, stage, turns);
    }

    private CoapEndpoint endpoint(InetSocketAddress address, Inlet inlet, Stage stage, ExecutorService turns) {
        Configuration configuration = Settings.server(options);
        Telemetry telemetry = new Telemetry(options, inlet, stage.timer, turns);
        CoapEndpoint endpoint = CoapEndpoint.builder()
                .setConfiguration(configuration)
                .setConnector(new BoundedSocket(
                        address,
                        configuration,
                        stage.protocol,
                        surroundings
                                .meters()
                                .counter(
                                        "weir_coap_datagrams_dropped",
                                        "Datagrams dropped because the protocol thread could not keep up",
                                        "source",
                                        surroundings.name())))
                .build();
        stage.runs(endpoint);
        endpoint.addInterceptor(new TooLarge(inlet));
        endpoint.setMessageDeliverer(new Router(configuration, telemetry, surroundings.latest(), turns));
        surroundings
                .meters()
                .gauge(
                        "weir_coap_requests_under_way",
                        "Requests that were not answered yet",
                        telemetry::underWay,
                        "source",
                        surroundings.name());
        return endpoint;
    }

    /// Counts what is answered 4.13, whether we or Californium's block-wise layer found it.
    private static final class TooLarge extends MessageInterceptorAdapter {
        private final Inlet inlet;

        TooLarge(Inlet inlet) {
            this.inlet = inlet;
        }

        @Override
        public void sendResponse(Response response) {
            if (response.getCode() == ResponseCode.REQUEST_ENTITY_TOO_LARGE) {
                inlet.rejected("too-large");
            }
        }
    }

    /// Where it listens, for tests that let the system choose the port.
    synchronized InetSocketAddress address() {
        if (running == null) {
            throw new IllegalStateException("the source is not open");
        }
        return running.endpoint.getAddress();
    }

    @Override
    public synchronized void close() {
        if (running == null) {
            return;
        }
        Running ending = running;
        running = null;
        // First the turns, so that what was taken still gets its answer; they refuse new ones,
        // which are answered 5.03 meanwhile.
        ending.turns.shutdown();
        boolean interrupted = awaitEnd(ending.turns);
        ending.turns.shutdownNow();
        interrupted |= awaitEnd(ending.turns);
        ending.endpoint.stop();
        ending.endpoint.destroy();
        ending.stage.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean awaitEnd(ExecutorService executor) {
        try {
            boolean _ = executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
            return false;
        } catch (InterruptedException e) {
            executor.shutdownNow();
            return true;
        }
    }
}
