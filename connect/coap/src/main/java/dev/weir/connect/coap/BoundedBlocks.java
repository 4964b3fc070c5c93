package dev.weir.connect.coap;

import java.net.InetSocketAddress;
import java.util.function.Supplier;
import org.eclipse.californium.core.coap.BlockOption;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.network.Outbox;
import org.eclipse.californium.core.network.stack.BaseCoapStack;
import org.eclipse.californium.core.network.stack.BlockwiseLayer;
import org.eclipse.californium.core.network.stack.ExchangeCleanupLayer;
import org.eclipse.californium.core.network.stack.KeyUri;
import org.eclipse.californium.core.network.stack.Layer;
import org.eclipse.californium.core.network.stack.ObserveLayer;
import org.eclipse.californium.core.network.stack.ReliabilityLayer;
import org.eclipse.californium.elements.config.Configuration;

/// Californium's block-wise layer behind a gate: an upload that would be one too many is answered
/// before memory is taken for it, and an answer over plain UDP comes in small pieces.
///
/// Of an answer in pieces the whole is kept until the last was asked for, of so many answers;
/// beyond, each piece is cut from what is true by then, which the entity tag shows.
final class BoundedBlocks extends BlockwiseLayer {
    /// The largest piece of an answer over plain UDP: whoever forges a sender has us send little.
    private static final int SMALL_SZX = BlockOption.size2Szx(256);

    private static final int LARGEST_SZX = 6;
    private static final int MAX_NUMBER = (1 << 20) - 1;

    private final Uploads uploads;
    private final Supplier<Response> refusal;

    private BoundedBlocks(String tag, Configuration configuration, Uploads uploads, Supplier<Response> refusal) {
        super(tag, false, configuration, null);
        this.uploads = uploads;
        this.refusal = refusal;
    }

    @Override
    public void receiveRequest(Exchange exchange, Request request) {
        BlockOption block = request.getOptions().getBlock1();
        if (block != null) {
            InetSocketAddress peer = request.getSourceContext().getPeerAddress();
            if (!uploads.block(peer, KeyUri.getKey(exchange), block.getNum() == 0, !block.isM())) {
                exchange.sendResponse(refusal.get());
                return;
            }
        } else if (request.getCode() == Code.GET && request.getSourceContext().getPeerIdentity() == null) {
            small(request);
        }
        super.receiveRequest(exchange, request);
    }

    /// Has a request ask for small pieces, beginning at the same byte.
    private static void small(Request request) {
        BlockOption block = request.getOptions().getBlock2();
        if (block == null) {
            request.getOptions().setBlock2(SMALL_SZX, false, 0);
        } else if (block.getSzx() > SMALL_SZX) {
            int smaller = Math.min(block.getSzx(), LARGEST_SZX) - SMALL_SZX;
            int number = (int) Math.min((long) block.getNum() << smaller, MAX_NUMBER);
            request.getOptions().setBlock2(SMALL_SZX, block.isM(), number);
        }
    }

    /// The layers of a UDP endpoint, with this one in its place.
    static final class Stack extends BaseCoapStack {
        /// @param refusal makes the answer to an upload too many
        Stack(String tag, Configuration configuration, Outbox outbox, Uploads uploads, Supplier<Response> refusal) {
            super(outbox);
            Configuration bounded = new Configuration(configuration).set(CoapConfig.MAX_ACTIVE_PEERS, uploads.max());
            setLayers(new Layer[] {
                new ExchangeCleanupLayer(configuration),
                new ObserveLayer(configuration),
                new BoundedBlocks(tag, bounded, uploads, refusal),
                new ReliabilityLayer(configuration)
            });
        }
    }
}
