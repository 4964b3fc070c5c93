package dev.weir.engine.decode;

import dev.weir.engine.Message;
import tools.jackson.core.ErrorReportConfiguration;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/// The JSON parser of this package, with its limits.
final class JsonText {
    /// How deep objects and lists may be nested, skipped ones included.
    static final int MAX_DEPTH = 32;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(256)
                    .maxNameLength(4096)
                    .build())
            .errorReportConfiguration(ErrorReportConfiguration.builder()
                    .maxErrorTokenLength(32)
                    .maxRawContentLength(32)
                    .build())
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
            // Thread-local buffers would stay with each of many thousand virtual threads.
            .recyclerPool(JsonRecyclerPools.newBoundedPool(64))
            .build();

    private JsonText() {}

    static JsonParser open(Message message) {
        return FACTORY.createParser(ObjectReadContext.empty(), message.bytes(), message.offset(), message.length());
    }
}
