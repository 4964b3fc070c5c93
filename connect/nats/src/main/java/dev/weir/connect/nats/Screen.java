package dev.weir.connect.nats;

import io.nats.client.Message;
import org.jspecify.annotations.Nullable;

/// What a source lets in, and how the node sees it.
final class Screen {
    private final SourceOptions options;
    private final String sender;

    Screen(SourceOptions options) {
        this.options = options;
        this.sender = options.link().names();
    }

    /// Why a message is not wanted, or null.
    @Nullable
    String refusal(Message message) {
        if (message.getData().length > options.maxPayload()) {
            return "too-large";
        }
        return Hops.of(message) > options.maxHops() ? "loop" : null;
    }

    /// The message as the node sees it; shares the payload.
    dev.weir.engine.Message shown(Message message) {
        byte[] payload = message.getData();
        return new dev.weir.engine.Message(
                Subjects.address(message.getSubject()),
                payload,
                0,
                payload.length,
                Hops.header(message, "Content-Type"),
                sender,
                Hops.of(message),
                Hops.trace(message));
    }
}
