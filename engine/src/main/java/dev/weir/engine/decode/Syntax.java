package dev.weir.engine.decode;

import dev.weir.engine.Message;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;

/// How the tokens of a payload are written. What they mean is the same in both.
enum Syntax {
    JSON("JSON") {
        @Override
        JsonParser open(Message message) {
            return JsonText.open(message);
        }
    },
    CBOR("CBOR") {
        @Override
        JsonParser open(Message message) throws DecodeException {
            return CborItems.open(message);
        }
    };

    private static final int MAX_MESSAGE = 200;

    /// For messages.
    final String word;

    Syntax(String word) {
        this.word = word;
    }

    abstract JsonParser open(Message message) throws DecodeException;

    DecodeException malformed(JacksonException fault) {
        var at = fault.getLocation();
        String message = String.valueOf(fault.getOriginalMessage());
        return Fault.malformed("payload is not "
                + word
                + (at == null || at.getByteOffset() < 0 ? "" : " at byte " + at.getByteOffset())
                + ": "
                + (message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE) + "…"));
    }
}
