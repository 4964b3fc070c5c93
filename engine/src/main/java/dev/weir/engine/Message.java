package dev.weir.engine;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One message as a device sent it, before decoding.
///
/// The payload is a view: it belongs to the source and is valid only until [Inlet#accept] returns.
/// Whoever wants to keep
/// it copies it.
///
/// @param address the MQTT topic, or the CoAP or HTTP path without its leading slash
/// @param bytes the array that holds the payload
/// @param offset where the payload begins in `bytes`
/// @param length the payload's size in bytes
/// @param contentType the media type, where the protocol carries one
/// @param sender who sent it as the protocol knows it (client id, address), for logs; null if
///     unknown
/// @param hops how many nodes have passed it on before, as far as its protocol can say: a message
///     that goes in circles is found by it
/// @param traceparent what the sender says about a trace that the message is part of, as W3C Trace
///     Context has it, not checked; null if nothing
@SuppressWarnings("ArrayRecordComponent") // a view, handed on without a copy on the hottest path
public record Message(
        String address,
        byte[] bytes,
        int offset,
        int length,
        @Nullable String contentType,
        @Nullable String sender,
        int hops,
        @Nullable String traceparent) {
    /// A message of unknown sender that no other node has passed on.
    public static Message of(String address, byte[] payload) {
        return new Message(address, payload, 0, payload.length, null, null, 0, null);
    }

    /// A message that is part of no trace.
    public Message(
            String address,
            byte[] bytes,
            int offset,
            int length,
            @Nullable String contentType,
            @Nullable String sender,
            int hops) {
        this(address, bytes, offset, length, contentType, sender, hops, null);
    }

    public Message {
        Objects.checkFromIndexSize(offset, length, bytes.length);
    }

    /// The payload as an array of its own.
    public byte[] payload() {
        return Arrays.copyOfRange(bytes, offset, offset + length);
    }
}
