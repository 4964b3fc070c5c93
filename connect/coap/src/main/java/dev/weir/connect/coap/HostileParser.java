package dev.weir.connect.coap;

import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.CoAPMessageFormatException;
import org.eclipse.californium.core.coap.Message;
import org.eclipse.californium.core.coap.MessageFormatException;
import org.eclipse.californium.core.coap.option.StandardOptionRegistry;
import org.eclipse.californium.core.network.serialization.MessageHeader;
import org.eclipse.californium.core.network.serialization.UdpDataParser;
import org.eclipse.californium.elements.util.DatagramReader;

/// Californium's parser, but for what it stumbles over, as a payload larger than its block: it
/// would log each such datagram as an error of its own, and answer none. They get 4.00 or RST as
/// whatever else cannot be read does.
final class HostileParser extends UdpDataParser {
    /// Critical options that nobody knows are refused (RFC 7252, 5.4.1); by default they are
    /// passed over.
    HostileParser() {
        super(true, StandardOptionRegistry.STANDARD_OPTIONS);
    }

    @Override
    protected Message parseMessage(DatagramReader source, MessageHeader header, Message target) {
        try {
            return super.parseMessage(source, header, target);
        } catch (MessageFormatException known) {
            throw known;
        } catch (RuntimeException unfit) {
            throw new CoAPMessageFormatException(
                    String.valueOf(unfit.getMessage()),
                    header.getToken(),
                    header.getMID(),
                    header.getCode(),
                    header.getType() == CoAP.Type.CON,
                    ResponseCode.BAD_REQUEST);
        }
    }
}
