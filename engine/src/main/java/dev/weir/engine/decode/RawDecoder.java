package dev.weir.engine.decode;

import dev.weir.engine.Message;
import dev.weir.engine.Reading;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// The payload is one value: a number if it reads as one, else text.
final class RawDecoder implements Decoder {
    private final Target target;

    RawDecoder(Fields fields, String field) throws DecodeException {
        this.target = fields.target(field);
    }

    @Override
    public void decode(Message message, Output out) throws DecodeException, InterruptedException {
        String text = text(message).strip();
        if (text.isEmpty()) {
            throw Fault.noReading("an empty payload");
        }
        Reading reading = out.blank();
        target.parse(reading, text, false);
        out.accept(Target.complete(reading));
    }

    /// The payload as text.
    static String text(Message message) throws DecodeException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(message.bytes(), message.offset(), message.length()))
                    .toString();
        } catch (CharacterCodingException notText) {
            throw Fault.malformed("payload is not text in UTF-8");
        }
    }
}
