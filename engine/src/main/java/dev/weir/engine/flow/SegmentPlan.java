package dev.weir.engine.flow;

import java.util.List;

/// Stages that share their workers.
///
/// @param name the pipeline's, with a number from the second on: `climate`, `climate.2`
/// @param stages what they do, in order; may be empty
/// @param workforce how many workers, and their queue
public record SegmentPlan(String name, List<StagePlan> stages, Workforce workforce) {
    public SegmentPlan {
        stages = List.copyOf(stages);
    }
}
