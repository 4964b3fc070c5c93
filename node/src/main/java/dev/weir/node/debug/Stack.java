package dev.weir.node.debug;

import java.util.ArrayList;
import java.util.List;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedStackTrace;
import org.jspecify.annotations.Nullable;

/// The stack of a sample, the outermost frame first.
///
/// @param frames what people read
record Stack(List<Frame> frames) {

    /// A frame.
    ///
    /// @param method with its class, `dev.weir.engine.flow.Worker.run`
    /// @param line 0 where it is not known
    record Frame(String method, int line) {}

    Stack {
        frames = List.copyOf(frames);
    }

    static Stack of(@Nullable RecordedStackTrace trace, String leaf) {
        List<Frame> frames = new ArrayList<>();
        if (trace != null) {
            for (RecordedFrame frame : trace.getFrames().reversed()) {
                RecordedMethod method = frame.getMethod();
                frames.add(new Frame(
                        method.getType().getName() + "." + method.getName(), Math.max(0, frame.getLineNumber())));
            }
        }
        if (!leaf.isEmpty()) {
            frames.add(new Frame(leaf, 0));
        }
        return new Stack(frames);
    }
}
