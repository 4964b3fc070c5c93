package dev.weir.connect.coap;

import dev.weir.engine.Inlet;
import dev.weir.engine.Message;
import dev.weir.engine.Receipt;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.Exchange;
import org.jspecify.annotations.Nullable;

/// Takes telemetry in. [#take] is called by the protocol thread and never blocks; handing over to
/// the inlet, which may, happens in turns for each peer on virtual threads.
final class Telemetry {
    /// How many requests of one peer may be under way. RFC 7252 allows one (NSTART); more come
    /// from gateways.
    static final int MAX_PER_PEER = 16;

    private static final int MAX_DIAGNOSTIC = 256;

    private final SourceOptions options;
    private final Inlet inlet;
    private final Acknowledgements acknowledgements;
    private final Admission admission;
    private final Turns<InetSocketAddress> turns;
    private final Semaphore room;

    /// @param executor runs the turns
    Telemetry(
            SourceOptions options,
            Inlet inlet,
            Admission admission,
            Acknowledgements acknowledgements,
            Executor executor) {
        this.options = options;
        this.inlet = inlet;
        this.admission = admission;
        this.acknowledgements = acknowledgements;
        this.turns = new Turns<>(executor);
        this.room = new Semaphore(options.limits().maxConcurrent());
    }

    /// How many requests are under way.
    long underWay() {
        return (long) options.limits().maxConcurrent() - room.availablePermits();
    }

    void take(Exchange exchange) {
        Request request = exchange.getRequest();
        Message message = message(request);
        if (message == null) {
            inlet.rejected("bad-path");
            exchange.sendResponse(diagnostic(ResponseCode.BAD_REQUEST, "a path segment must not contain '/'"));
            return;
        }
        ResponseCode refusal = admission.publish(request, message.address());
        if (refusal != null) {
            exchange.sendResponse(new Response(refusal));
        } else if (message.length() > options.limits().maxPayload()) {
            exchange.sendResponse(tooLarge());
        } else if (!room.tryAcquire()) {
            inlet.rejected("overloaded");
            exchange.sendResponse(overloaded());
        } else {
            queue(message, new Pending(exchange), request.getSourceContext().getPeerAddress());
        }
    }

    private void queue(Message message, Pending pending, InetSocketAddress peer) {
        try {
            if (!turns.add(peer, () -> handOver(message, pending), MAX_PER_PEER)) {
                inlet.rejected("overloaded");
                pending.answer(overloaded());
            }
        } catch (RejectedExecutionException closing) {
            pending.answer(overloaded());
        }
    }

    private void handOver(Message message, Pending pending) {
        try {
            inlet.accept(message, receipt -> pending.answer(response(receipt)), options.patience());
        } catch (InterruptedException closing) {
            pending.answer(overloaded());
            Thread.currentThread().interrupt();
        } catch (RuntimeException fault) {
            pending.answer(new Response(ResponseCode.INTERNAL_SERVER_ERROR));
            throw fault;
        }
    }

    private static @Nullable Message message(Request request) {
        OptionSet set = request.getOptions();
        List<String> path = set.getUriPath();
        if (path.stream().anyMatch(segment -> segment.indexOf('/') >= 0)) {
            return null;
        }
        byte[] payload = request.getPayload() == null ? new byte[0] : request.getPayload();
        return new Message(
                String.join("/", path),
                payload,
                0,
                payload.length,
                set.hasContentFormat() ? MediaTypeRegistry.toString(set.getContentFormat()) : null,
                String.valueOf(request.getSourceContext().getPeerAddress()),
                0);
    }

    private Response response(Receipt receipt) {
        return switch (receipt) {
            case Receipt.Accepted _ -> new Response(ResponseCode.CHANGED);
            case Receipt.Unmatched _ -> diagnostic(ResponseCode.NOT_FOUND, "no pipeline wants this path");
            case Receipt.Undecodable(String reason, String detail) -> diagnostic(code(reason), reason + ": " + detail);
            case Receipt.Overloaded _ -> overloaded();
        };
    }

    private static ResponseCode code(String reason) {
        return switch (reason) {
            case "too-large" -> ResponseCode.REQUEST_ENTITY_TOO_LARGE;
            case "content-type" -> ResponseCode.UNSUPPORTED_CONTENT_FORMAT;
            default -> ResponseCode.BAD_REQUEST;
        };
    }

    /// 5.03, with how long to wait.
    Response overloaded() {
        Response response = new Response(ResponseCode.SERVICE_UNAVAILABLE);
        response.getOptions().setMaxAge(options.retryAfter().toSeconds());
        return response;
    }

    private Response tooLarge() {
        Response response = diagnostic(
                ResponseCode.REQUEST_ENTITY_TOO_LARGE,
                "payload must have at most " + options.limits().maxPayload() + " bytes");
        response.getOptions().setSize1(options.limits().maxPayload());
        return response;
    }

    private static Response diagnostic(ResponseCode code, String text) {
        Response response = new Response(code);
        response.setPayload(text.length() <= MAX_DIAGNOSTIC ? text : text.substring(0, MAX_DIAGNOSTIC) + "…");
        return response;
    }

    /// A request that waits for its answer.
    private final class Pending implements Acknowledgements.Awaited {
        private final Exchange exchange;
        private final AtomicBoolean answered = new AtomicBoolean();

        Pending(Exchange exchange) {
            this.exchange = exchange;
            acknowledgements.add(this);
        }

        @Override
        public boolean isAnswered() {
            return answered.get();
        }

        @Override
        public void acknowledge() {
            exchange.sendAccept();
        }

        /// Answers, the first time. Any thread; does not block.
        void answer(Response response) {
            if (answered.compareAndSet(false, true)) {
                room.release();
                exchange.sendResponse(response);
            }
        }
    }
}
