package dev.weir.engine.flow;

import dev.weir.engine.stage.Stage;
import java.util.concurrent.atomic.LongAdder;

/// A stage in its place in a segment.
///
/// @param name for logs: `climate.dedupe`
/// @param stage what it does; shared by all workers
/// @param timeoutNanos how long a call may take; 0 without a limit
/// @param held how many readings the stage keeps now
/// @param samples how long its calls take
record Step(String name, Stage stage, long timeoutNanos, LongAdder held, ServiceSamples samples) {}
