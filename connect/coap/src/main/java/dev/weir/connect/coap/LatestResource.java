package dev.weir.connect.coap;

import dev.weir.engine.Latest;
import dev.weir.engine.Reading;
import dev.weir.engine.ReadingJson;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.coap.Token;
import org.eclipse.californium.core.observe.ObserveRelation;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.jspecify.annotations.Nullable;

/// The latest value of one device, for one request or for one observer: each observation has its
/// own, so that it comes and goes with it.
///
/// Notifications are confirmable. The next goes out when the last was acknowledged and then says
/// what is true by then, so a slow observer slows nobody and holds one value; one that is gone is
/// noticed.
final class LatestResource extends CoapResource {
    private final Latest latest;
    private final String stream;
    private final String device;
    private final Executor executor;
    private final Admission admission;
    private final Observers observers;

    /// How many changes were not told yet. Whoever finds it zero runs [#notifyAllOnce].
    private final AtomicInteger changes = new AtomicInteger();

    /// Guarded by this.
    private Latest.@Nullable Subscription subscription;

    /// @param executor where notifications are made, since a change is told on a pipeline's thread
    LatestResource(
            Latest latest, String stream, String device, Executor executor, Admission admission, Observers observers) {
        super(device);
        this.latest = latest;
        this.stream = stream;
        this.device = device;
        this.executor = executor;
        this.admission = admission;
        this.observers = observers;
        setObservable(true);
        setObserveType(CoAP.Type.CON);
    }

    /// Asks for each notification anew whether the observer may have it: an error ends the
    /// observation.
    @Override
    public void handleGET(CoapExchange exchange) {
        ResponseCode refusal = admission.read(exchange.advanced().getRequest(), "latest/" + stream + "/" + device);
        if (refusal != null) {
            exchange.respond(refusal);
            return;
        }
        if (!Formats.acceptsJson(exchange.getRequestOptions())) {
            exchange.respond(ResponseCode.NOT_ACCEPTABLE, "only application/json (50) is offered");
            return;
        }
        Optional<Reading> reading = latest.find(stream, device);
        if (reading.isPresent()) {
            Formats.content(exchange, ReadingJson.bytes(reading.get()), MediaTypeRegistry.APPLICATION_JSON);
        } else {
            exchange.respond(ResponseCode.NOT_FOUND, "no reading of this device in this stream");
        }
    }

    @Override
    public void addObserveRelation(ObserveRelation relation) {
        super.addObserveRelation(relation);
        synchronized (this) {
            if (subscription == null) {
                observers.began(relation.getSource(), token(relation));
                subscription = latest.watch(stream, device, this::changedSoon);
            }
        }
        // What changed between the answer and the subscription.
        changedSoon();
    }

    @Override
    public void removeObserveRelation(ObserveRelation relation) {
        super.removeObserveRelation(relation);
        Latest.Subscription ended;
        synchronized (this) {
            ended = subscription;
            subscription = null;
        }
        if (ended != null) {
            observers.ended(relation.getSource(), token(relation));
            ended.close();
        }
    }

    private static Token token(ObserveRelation relation) {
        return relation.getExchange().getRequest().getToken();
    }

    private void changedSoon() {
        if (changes.getAndIncrement() == 0) {
            try {
                executor.execute(this::notifyAllOnce);
            } catch (RejectedExecutionException closing) {
                changes.set(0);
            }
        }
    }

    /// One thread at a time, so that an older value cannot overtake a newer one.
    private void notifyAllOnce() {
        int seen;
        do {
            seen = changes.get();
            changed();
        } while (changes.addAndGet(-seen) != 0);
    }
}
