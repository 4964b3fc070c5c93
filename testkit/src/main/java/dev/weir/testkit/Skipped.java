package dev.weir.testkit;

import java.util.Map;
import org.opentest4j.TestAbortedException;

/// Tests of a contract that a protocol has nothing for.
final class Skipped {
    private Skipped() {}

    /// Ends the test if the rig says that it has not what the test needs; the report shows why.
    static <F> void without(F feature, Map<F, String> lacking) {
        String reason = lacking.get(feature);
        if (reason != null) {
            throw new TestAbortedException("DOES NOT APPLY: without " + feature + ": " + reason);
        }
    }
}
