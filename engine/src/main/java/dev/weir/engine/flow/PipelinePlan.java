package dev.weir.engine.flow;

import dev.weir.engine.Schema;
import dev.weir.engine.decode.Decoder;
import dev.weir.runtime.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A pipeline, ready to run.
///
/// @param schema its stream: name and fields
/// @param from the sources and streams that it takes readings from
/// @param pattern which addresses it wants of its sources
/// @param decoder makes readings of its sources' messages
/// @param stages what happens to them, in order
/// @param workforce how many workers, and their queue
/// @param maxReading how many bytes a message may have; more is a dead letter
/// @param lane the class of its readings; empty to keep that of the source
/// @param windows the streams that its stages emit
/// @param to the sinks
public record PipelinePlan(
        Schema schema,
        List<String> from,
        TopicPattern pattern,
        Decoder decoder,
        List<StagePlan> stages,
        Workforce workforce,
        int maxReading,
        Optional<Lane> lane,
        List<Schema> windows,
        List<String> to) {
    /// How many readings wait for a pipeline when the config does not say.
    public static final int QUEUE = 1024;

    /// How many bytes a message may have when the config does not say.
    public static final int MAX_READING = 4096;

    public PipelinePlan {
        from = List.copyOf(from);
        stages = List.copyOf(stages);
        windows = List.copyOf(windows);
        to = List.copyOf(to);
    }

    /// Its stages by the workers that they share, from left to right: one with workers or a queue
    /// of its own begins a new segment.
    public List<SegmentPlan> segments() {
        List<List<StagePlan>> groups = new ArrayList<>();
        groups.add(new ArrayList<>());
        for (StagePlan stage : stages) {
            boolean first = groups.size() == 1 && groups.getFirst().isEmpty();
            if (stage.own().isPresent() && !first) {
                groups.add(new ArrayList<>());
            }
            groups.getLast().add(stage);
        }
        List<SegmentPlan> segments = new ArrayList<>();
        for (List<StagePlan> group : groups) {
            String name = segments.isEmpty() ? name() : name() + "." + (segments.size() + 1);
            Workforce own = group.isEmpty() ? workforce : group.getFirst().own().orElse(workforce);
            segments.add(new SegmentPlan(name, group, own));
        }
        return List.copyOf(segments);
    }

    /// The name of the pipeline and its stream.
    public String name() {
        return schema.stream();
    }
}
