package dev.weir.connect.coap;

import dev.weir.engine.Connector.Surroundings;
import dev.weir.engine.Inlet;
import dev.weir.engine.Source;
import dev.weir.engine.config.HostPort;
import dev.weir.runtime.Lane;
import dev.weir.runtime.Scheduler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.jspecify.annotations.Nullable;

/// A CoAP server for telemetry, over UDP and, where it is asked to, over DTLS. See the package for
/// threads and bounds.
final class CoapSource implements Source {
    private static final long CLOSE_SECONDS = 2;

    /// What things cost beside their payloads, rounded up from what the heap held.
    private static final long REQUEST_BYTES = 2048;

    private static final long REMEMBERED_BYTES = 2048;
    private static final long PEER_BYTES = 512;
    private static final long OBSERVER_BYTES = 4096;
    private static final long SESSION_BYTES = 6144;

    private final SourceOptions options;
    private final Surroundings surroundings;

    /// Guarded by this. Null before `open` and after `close`.
    private @Nullable Running running;

    /// @param endpoints the plain one if there is one, then the encrypted one if there is one
    /// @param made what they share
    private record Running(List<CoapEndpoint> endpoints, Endpoints made, Stage stage, ExecutorService turns) {
        void end() {
            for (CoapEndpoint endpoint : endpoints) {
                endpoint.stop();
                endpoint.destroy();
            }
            stage.close();
        }
    }

    CoapSource(SourceOptions options, Surroundings surroundings) {
        this.options = options;
        this.surroundings = surroundings;
    }

    @Override
    public synchronized void open(Inlet inlet) throws IOException {
        String name = "coap-" + surroundings.name();
        Stage stage = new Stage(name);
        ExecutorService turns =
                Executors.newThreadPerTaskExecutor(Scheduler.shared().factory(Lane.SAMPLE, name + "-turn-"));
        Endpoints endpoints = new Endpoints(options, surroundings, inlet, stage, turns);
        Running starting = new Running(new ArrayList<>(), endpoints, stage, turns);
        try {
            if (options.listen().isPresent()) {
                HostPort plain = options.listen().get();
                start(starting, endpoints.plain(resolved(plain)), plain);
            }
            if (options.dtls().isPresent()) {
                DtlsOptions dtls = options.dtls().get();
                start(starting, endpoints.encrypted(resolved(dtls.listen()), dtls), dtls.listen());
            }
        } catch (IOException | RuntimeException e) {
            turns.shutdown();
            starting.end();
            throw e;
        }
        running = starting;
    }

    @Override
    public long worstCaseBytes() {
        Limits limits = options.limits();
        int ports = (options.listen().isPresent() ? 1 : 0) + (options.dtls().isPresent() ? 1 : 0);
        long sessions = options.dtls().map(DtlsOptions::maxSessions).orElse(0);
        return (long) limits.maxConcurrent() * (limits.maxPayload() + REQUEST_BYTES)
                + (long) limits.maxTransfers() * limits.maxPayload()
                + (long) ports * limits.maxTransfers() * Math.max(limits.maxPayload(), Discovery.MAX_BYTES)
                + (long) ports * limits.remembered() * REMEMBERED_BYTES
                + (long) ports * BoundedSocket.MAX_WAITING * REQUEST_BYTES
                + (long) limits.maxPeers() * PEER_BYTES
                + (long) limits.maxObservers() * OBSERVER_BYTES
                + sessions * SESSION_BYTES;
    }

    private static InetSocketAddress resolved(HostPort listen) throws IOException {
        InetSocketAddress address = listen.resolve();
        if (address.isUnresolved()) {
            throw new IOException("coap cannot listen on " + listen + ": no such host; name an address of"
                    + " this machine, or 0.0.0.0 for all of them");
        }
        return address;
    }

    private static void start(Running starting, CoapEndpoint endpoint, HostPort listen) throws IOException {
        starting.endpoints.add(endpoint);
        try {
            endpoint.start();
        } catch (IOException e) {
            throw new IOException(
                    "coap cannot listen on " + listen + " (UDP): " + e.getMessage()
                            + "; stop what uses the port, or give another with 'listen:'",
                    e);
        }
    }

    /// Where it listens, for tests that let the system choose the port.
    InetSocketAddress address() {
        return address(true);
    }

    /// Where it listens for DTLS, for tests that let the system choose the port.
    InetSocketAddress encryptedAddress() {
        return address(false);
    }

    /// How many messages it remembers, for tests.
    synchronized long remembered() {
        return running == null ? 0 : running.made.remembered();
    }

    private synchronized InetSocketAddress address(boolean first) {
        if (running == null) {
            throw new IllegalStateException("the source is not open");
        }
        return (first ? running.endpoints.getFirst() : running.endpoints.getLast()).getAddress();
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
        ending.end();
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
