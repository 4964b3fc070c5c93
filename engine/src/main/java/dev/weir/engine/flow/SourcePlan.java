package dev.weir.engine.flow;

import dev.weir.runtime.Lane;

/// A source, as far as the flow knows it. The node opens and closes it.
///
/// @param name its name in the config
/// @param lane the class of its readings, where the pipeline does not say
public record SourcePlan(String name, Lane lane) {}
