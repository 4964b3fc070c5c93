package dev.weir.engine.flow;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// Adds up what a flow can take at worst.
final class WorstCase {
    private static final int DELIVERY = 32;

    private WorstCase() {}

    static List<QueueBound> of(List<Pipeline> pipelines, Collection<Outlet> outlets, FlowParts parts) {
        List<QueueBound> bounds = new ArrayList<>();
        int largest = PipelinePlan.MAX_READING;
        for (Pipeline pipeline : pipelines) {
            largest = Math.max(largest, pipeline.maxReading());
            long each = QueueBound.readingBytes(pipeline.maxReading());
            for (Segment segment : pipeline.segments()) {
                Workforce force = segment.plan();
                int inHand = force.workers() * force.batch();
                bounds.add(new QueueBound("pipeline " + segment.name(), force.queue() + inHand, each));
            }
            pipeline.plan()
                    .stages()
                    .forEach(stage -> bounds.add(new QueueBound(
                            "state of " + pipeline.name() + "." + stage.name(),
                            1,
                            stage.stage().worstCaseBytes())));
        }
        for (Outlet outlet : outlets) {
            Workforce force = outlet.plan().workforce();
            int inHand = force.workers() * outlet.plan().sink().batch();
            bounds.add(new QueueBound(
                    "sink " + outlet.plan().name(),
                    force.queue() + inHand,
                    DELIVERY + QueueBound.readingBytes(largest)));
        }
        bounds.add(new QueueBound("dead letters", 1, parts.deadLetters().worstCaseBytes()));
        return bounds.stream().filter(bound -> bound.total() > 0).toList();
    }
}
