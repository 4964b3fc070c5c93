package dev.weir.connect.coap;

import dev.weir.engine.Latest;
import java.util.List;
import java.util.concurrent.Executor;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.coap.BlockOption;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.server.ServerMessageDeliverer;
import org.eclipse.californium.core.server.resources.Resource;
import org.eclipse.californium.elements.config.Configuration;
import org.jspecify.annotations.Nullable;

/// Decides what becomes of a request by its method and path. Runs on the protocol thread.
final class Router extends ServerMessageDeliverer {
    /// The largest piece of an answer over plain UDP: whoever forges a sender has us send little.
    private static final int SMALL_SZX = BlockOption.size2Szx(256);

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
                && !observers.mayHaveMore(request.getSourceContext().getPeerAddress());
        if (tooMany) {
            request.getOptions().removeObserve();
        }
        if (request.getSourceContext().getPeerIdentity() == null) {
            small(request);
        }
        return false;
    }

    private static void small(Request request) {
        BlockOption block = request.getOptions().getBlock2();
        if (block == null) {
            request.getOptions().setBlock2(SMALL_SZX, false, 0);
        } else if (block.getNum() == 0 && block.getSzx() > SMALL_SZX) {
            request.getOptions().setBlock2(SMALL_SZX, block.isM(), 0);
        }
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
