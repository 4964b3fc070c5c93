package dev.weir.connect.coap;

import dev.weir.engine.Latest;
import java.util.List;
import java.util.concurrent.Executor;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.server.ServerMessageDeliverer;
import org.eclipse.californium.core.server.resources.Resource;
import org.eclipse.californium.elements.config.Configuration;
import org.jspecify.annotations.Nullable;

/// Decides what becomes of a request by its method and path. Runs on the protocol thread.
final class Router extends ServerMessageDeliverer {
    private final Telemetry telemetry;
    private final Latest latest;
    private final Executor executor;
    private final Admission admission;
    private final Observers observers;
    private final Discovery discovery;

    Router(
            Configuration configuration,
            Telemetry telemetry,
            Latest latest,
            Executor executor,
            Admission admission,
            Observers observers) {
        super(new CoapResource(""), configuration);
        this.telemetry = telemetry;
        this.latest = latest;
        this.executor = executor;
        this.admission = admission;
        this.observers = observers;
        this.discovery = new Discovery(latest, admission);
    }

    @Override
    protected boolean preDeliverRequest(Exchange exchange) {
        Request request = exchange.getRequest();
        ResponseCode unsupported = unsupported(request.getOptions());
        if (unsupported != null) {
            exchange.sendResponse(new Response(unsupported));
            return true;
        }
        Code code = request.getCode();
        if (code == Code.POST || code == Code.PUT) {
            telemetry.take(exchange);
            return true;
        }
        if (code != Code.GET) {
            exchange.sendResponse(new Response(ResponseCode.METHOD_NOT_ALLOWED));
            return true;
        }
        boolean tooMany = request.isObserve()
                && !observers.mayHave(request.getSourceContext().getPeerAddress(), request.getToken());
        if (tooMany) {
            request.getOptions().removeObserve();
        }
        return false;
    }

    /// Options that must not be passed over, whose meaning nothing here has: proxies, conditions.
    private static @Nullable ResponseCode unsupported(OptionSet options) {
        if (options.hasProxyUri() || options.hasProxyScheme()) {
            return ResponseCode.PROXY_NOT_SUPPORTED;
        }
        return options.hasIfNoneMatch() || options.getIfMatchCount() > 0 ? ResponseCode.BAD_OPTION : null;
    }

    @Override
    protected @Nullable Resource findResource(List<String> path) {
        if (path.equals(List.of(".well-known", "core"))) {
            return discovery;
        }
        return path.size() == 3 && path.getFirst().equals("latest")
                ? new LatestResource(latest, path.get(1), path.get(2), executor, admission, observers)
                : null;
    }
}
