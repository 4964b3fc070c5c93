package dev.weir.engine.decode;

import dev.weir.engine.Message;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.ErrorReportConfiguration;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.dataformat.cbor.CBORFactory;

/// The CBOR parser of this package. It takes memory for what a payload announces, up to 250 kB at
/// once; so [CborForm] first makes sure that everything announced is there.
final class CborItems {
    private static final CBORFactory FACTORY = CBORFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(JsonText.MAX_DEPTH)
                    .maxNumberLength(256)
                    .maxNameLength(4096)
                    .build())
            .errorReportConfiguration(ErrorReportConfiguration.builder()
                    .maxErrorTokenLength(32)
                    .maxRawContentLength(32)
                    .build())
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
            // Names would be kept from payload to payload, and devices make them up.
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .recyclerPool(JsonRecyclerPools.newBoundedPool(64))
            .build();

    private CborItems() {}

    static JsonParser open(Message message) throws DecodeException {
        CborForm.check(message.bytes(), message.offset(), message.length());
        return FACTORY.createParser(ObjectReadContext.empty(), message.bytes(), message.offset(), message.length());
    }

    /// A byte string as base64 for URLs without padding, which is how JSON writes it (RFC 8949,
    /// 6.1); null where the token is none.
    static @Nullable String data(JsonParser parser) {
        return parser.getEmbeddedObject() instanceof byte[] bytes
                ? Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)
                : null;
    }
}
