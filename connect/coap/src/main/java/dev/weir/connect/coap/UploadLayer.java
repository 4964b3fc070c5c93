package dev.weir.connect.coap;

import java.net.InetSocketAddress;
import java.util.function.Supplier;
import org.eclipse.californium.core.coap.BlockOption;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.network.Outbox;
import org.eclipse.californium.core.network.stack.BaseCoapStack;
import org.eclipse.californium.core.network.stack.BlockwiseLayer;
import org.eclipse.californium.core.network.stack.ExchangeCleanupLayer;
import org.eclipse.californium.core.network.stack.Layer;
import org.eclipse.californium.core.network.stack.ObserveLayer;
import org.eclipse.californium.core.network.stack.ReliabilityLayer;
import org.eclipse.californium.elements.config.Configuration;

/// Californium's block-wise layer behind a gate: an upload that would be one too many is answered
/// before memory is taken for it.
final class UploadLayer extends BlockwiseLayer {
    private final Uploads uploads;
    private final Supplier<Response> refusal;

    private UploadLayer(String tag, Configuration configuration, Uploads uploads, Supplier<Response> refusal) {
        super(tag, false, configuration, null);
        this.uploads = uploads;
        this.refusal = refusal;
    }

    @Override
    public void receiveRequest(Exchange exchange, Request request) {
        BlockOption block = request.getOptions().getBlock1();
        if (block != null) {
            InetSocketAddress peer = request.getSourceContext().getPeerAddress();
            String path = request.getOptions().getUriPathString();
            if (!uploads.block(peer, path, block.getNum() == 0, !block.isM())) {
                exchange.sendResponse(refusal.get());
                return;
            }
        }
        super.receiveRequest(exchange, request);
    }

    /// The layers of a UDP endpoint, with this one in its place.
    static final class Stack extends BaseCoapStack {
        /// @param refusal makes the answer to an upload too many
        Stack(String tag, Configuration configuration, Outbox outbox, Uploads uploads, Supplier<Response> refusal) {
            super(outbox);
            setLayers(new Layer[] {
                new ExchangeCleanupLayer(configuration),
                new ObserveLayer(configuration),
                new UploadLayer(tag, configuration, uploads, refusal),
                new ReliabilityLayer(configuration)
            });
        }
    }
}
