package dev.weir.connect.file;

import dev.weir.engine.Connector.Surroundings;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says what cannot be read: each trouble once, until another one comes.
final class Complaints {
    private static final Logger LOG = LoggerFactory.getLogger(Complaints.class);

    private final String source;
    private final LongAdder errors;
    private String last = "";

    Complaints(Surroundings surroundings) {
        this.source = surroundings.name();
        this.errors = surroundings
                .meters()
                .counter("weir_file_errors", "Times a file could not be read", "source", surroundings.name());
    }

    void say(String what, Exception cause) {
        errors.increment();
        String trouble = what + ": " + cause;
        if (!trouble.equals(last)) {
            last = trouble;
            LOG.atWarn()
                    .addKeyValue("source", source)
                    .addKeyValue("file", what)
                    .addKeyValue("cause", cause.toString())
                    .log("cannot be read; it is tried again");
        }
    }
}
