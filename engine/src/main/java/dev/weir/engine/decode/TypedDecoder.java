package dev.weir.engine.decode;

import dev.weir.engine.Message;
import java.util.Locale;
import java.util.Set;

/// Refuses a message whose content type says that it is something that this decoder does not read.
/// One without a content type, or with one that no decoder has, is tried.
///
/// @param decoder reads what fits
/// @param name what the config calls it
/// @param fitting the media types that it reads
record TypedDecoder(Decoder decoder, String name, Set<String> fitting) implements Decoder {
    private static final String JSON = "application/json";
    private static final String CBOR = "application/cbor";
    private static final String SENML_JSON = "application/senml+json";
    private static final String SENML_CBOR = "application/senml+cbor";
    private static final String CSV = "text/csv";
    private static final Set<String> KNOWN = Set.of(JSON, CBOR, SENML_JSON, SENML_CBOR, CSV);

    /// Puts the check before a decoder, if it reads certain types only.
    static Decoder of(String name, Decoder decoder) {
        Set<String> fitting = switch (name) {
            case "json" -> Set.of(JSON);
            case "cbor" -> Set.of(CBOR);
            case "senml-json" -> Set.of(SENML_JSON, JSON);
            case "senml-cbor" -> Set.of(SENML_CBOR, CBOR);
            case "csv" -> Set.of(CSV);
            default -> KNOWN;
        };
        return new TypedDecoder(decoder, name, fitting);
    }

    @Override
    public void decode(Message message, Output out) throws DecodeException, InterruptedException {
        String type = message.contentType();
        if (type != null && !fitting.contains(type)) {
            check(type);
        }
        decoder.decode(message, out);
    }

    private void check(String written) throws DecodeException {
        int end = written.indexOf(';');
        String type = (end < 0 ? written : written.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        if (KNOWN.contains(type) && !fitting.contains(type)) {
            throw new DecodeException(
                    "content-type",
                    "content type " + Fault.shown(type) + " is not what this pipeline reads, which is 'decode: " + name
                            + "'");
        }
    }
}
