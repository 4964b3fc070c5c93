package dev.weir.connect.coap;

import dev.weir.engine.Connector.Surroundings;
import dev.weir.engine.Inlet;
import dev.weir.engine.Meters;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.network.InMemoryMessageExchangeStore;
import org.eclipse.californium.core.network.RandomTokenGenerator;
import org.eclipse.californium.core.network.TokenGenerator;
import org.eclipse.californium.core.network.interceptors.MessageInterceptorAdapter;
import org.eclipse.californium.core.network.serialization.UdpDataSerializer;
import org.eclipse.californium.elements.Connector;
import org.eclipse.californium.elements.config.Configuration;

/// Makes the endpoints of one source: they share its limits, its threads and its way into the node.
final class Endpoints {
    /// How many exchanges of a peer are remembered to recognise repetitions: more than it may have
    /// under way.
    private static final int REMEMBERED_PER_PEER = 2 * Telemetry.MAX_PER_PEER;

    private final SourceOptions options;
    private final Surroundings surroundings;
    private final Inlet inlet;
    private final Stage stage;
    private final LongSupplier nanoClock = System::nanoTime;
    private final Telemetry telemetry;
    private final Uploads uploads;
    private final Rates rates;
    private final Router router;
    private final List<Duplicates> duplicates = new CopyOnWriteArrayList<>();

    Endpoints(SourceOptions options, Surroundings surroundings, Inlet inlet, Stage stage, ExecutorService turns) {
        this.options = options;
        this.surroundings = surroundings;
        this.inlet = inlet;
        this.stage = stage;
        Limits limits = options.limits();
        Observers observers = new Observers(limits.maxObserversPerPeer());
        Function<X509Certificate, Optional<String>> identityIn =
                certificate -> options.dtls().flatMap(DtlsOptions::tls).flatMap(tls -> tls.identityIn(certificate));
        Admission admission = new Admission(
                surroundings.access(), identityIn, inlet, surroundings.name(), limits.maxPeers(), nanoClock);
        this.telemetry = new Telemetry(options, inlet, admission, new Acknowledgements(stage.timer, nanoClock), turns);
        this.uploads = new Uploads(limits.maxTransfers(), nanoClock);
        this.rates = new Rates(limits.maxRate(), limits.maxPeers(), nanoClock);
        this.router =
                new Router(Settings.server(limits), telemetry, surroundings.latest(), turns, admission, observers);
        gauge("weir_coap_requests_under_way", "Requests that were not answered yet", telemetry::underWay);
        gauge("weir_coap_messages_remembered", "Messages kept to recognise repetitions", this::remembered);
        gauge("weir_coap_observers", "Observations of latest values that are open", observers::total);
        gauge("weir_coap_uploads_under_way", "Uploads in blocks that are not complete", uploads::size);
    }

    private void gauge(String name, String about, LongSupplier value) {
        surroundings.meters().gauge(name, about, value, "source", surroundings.name());
    }

    /// How many messages are kept to recognise repetitions.
    long remembered() {
        return duplicates.stream().mapToLong(Duplicates::size).sum();
    }

    CoapEndpoint plain(InetSocketAddress address) {
        Configuration configuration = Settings.server(options.limits());
        LongAdder dropped = dropped("udp");
        return endpoint(
                configuration, new BoundedSocket(address, configuration, stage.protocol, rates, inlet, dropped));
    }

    CoapEndpoint encrypted(InetSocketAddress address, DtlsOptions dtls) {
        Configuration configuration = Settings.dtls(Settings.server(options.limits()), dtls);
        dtls.tls().ifPresent(tls -> tls.meter(surroundings.meters(), surroundings.name()));
        Encrypted.Filter filter = new Encrypted.Filter(rates, dropped("dtls"));
        return endpoint(
                configuration,
                Encrypted.socket(
                        address, configuration, dtls, surroundings.access(), filter, "coap-" + surroundings.name()));
    }

    private LongAdder dropped(String transport) {
        Meters meters = surroundings.meters();
        return meters.counter(
                "weir_coap_datagrams_dropped",
                "Datagrams dropped: beyond an address's rate, from an address that cannot be, or because the"
                        + " protocol thread could not keep up",
                "source",
                surroundings.name(),
                "transport",
                transport);
    }

    private CoapEndpoint endpoint(Configuration configuration, Connector socket) {
        TokenGenerator tokens = new RandomTokenGenerator(configuration);
        InMemoryMessageExchangeStore store = new InMemoryMessageExchangeStore(configuration, tokens);
        Duplicates seen = new Duplicates(options.limits().remembered(), REMEMBERED_PER_PEER, nanoClock);
        duplicates.add(seen);
        store.setDeduplicator(seen);
        CoapEndpoint endpoint = CoapEndpoint.builder()
                .setConfiguration(configuration)
                .setConnector(socket)
                .setDataSerializerAndParser(new UdpDataSerializer(), new HostileParser())
                .setTokenGenerator(tokens)
                .setMessageExchangeStore(store)
                .setCoapStackFactory((_, tag, settings, outbox, _) ->
                        new BoundedBlocks.Stack(tag, settings, outbox, uploads, this::tooManyUploads))
                .build();
        stage.runs(endpoint);
        endpoint.addInterceptor(new TooLarge(inlet));
        endpoint.setMessageDeliverer(router);
        return endpoint;
    }

    private Response tooManyUploads() {
        inlet.rejected("overloaded");
        return telemetry.overloaded();
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
}
