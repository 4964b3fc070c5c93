package dev.weir.node;

import dev.weir.engine.flow.PipelinePlan;
import dev.weir.engine.flow.QueueBound;
import dev.weir.engine.flow.StagePlan;
import dev.weir.engine.flow.Workforce;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What `weir check` says about a config without mistakes.
final class PlanText {
    private PlanText() {}

    static List<String> of(NodePlan plan) {
        List<String> lines = new ArrayList<>();
        lines.add("node " + plan.config().node() + ", data in " + plan.config().data());
        plan.config().sources().forEach((name, tag) -> lines.add("source " + name + ": " + Listeners.shown(tag)));
        plan.pipelines().forEach(pipeline -> lines.add(pipeline(pipeline)));
        plan.rules().forEach(rule -> lines.add("rule " + rule.name() + " on " + rule.stream()));
        MemoryBound bound = MemoryBound.of(plan);
        lines.add("");
        lines.add("memory at worst:");
        for (QueueBound queue : bound.bounds()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "  %-36s %12s%s",
                    queue.name(),
                    MemoryBound.mib(queue.total()),
                    queue.count() == 1
                            ? ""
                            : String.format(Locale.ROOT, "  (%,d × %,d bytes)", queue.count(), queue.bytesEach())));
        }
        lines.add(String.format(
                Locale.ROOT,
                "  %-36s %12s  of %s",
                "sum",
                MemoryBound.mib(bound.total()),
                MemoryBound.mib(plan.config().memoryBytes())));
        return lines;
    }

    private static String workers(Workforce force) {
        return force.first().isPresent() ? "up to " + force.workers() : String.valueOf(force.workers());
    }

    private static String pipeline(PipelinePlan plan) {
        String stages = plan.stages().stream().map(StagePlan::name).collect(Collectors.joining(" → "));
        return "pipeline " + plan.name() + ": " + String.join(", ", plan.from()) + " → "
                + (stages.isEmpty() ? "" : stages + " → ")
                + (plan.to().isEmpty() ? "nowhere" : String.join(", ", plan.to()))
                + "  (" + workers(plan.workforce()) + " workers, queue "
                + plan.workforce().queue() + ", overflow "
                + plan.workforce().overflow().word() + ")"
                + plan.windows().stream()
                        .map(window -> "; makes " + window.stream())
                        .collect(Collectors.joining());
    }
}
