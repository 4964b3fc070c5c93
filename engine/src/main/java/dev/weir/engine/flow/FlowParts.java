package dev.weir.engine.flow;

import dev.weir.engine.Meters;
import dev.weir.engine.Tracer;

/// What a flow works with, made by the node before it, since connectors and rules need some of
/// it.
///
/// @param clock the time
/// @param meters where it counts
/// @param latest the last values
/// @param deadLetters what failed
/// @param commands carries out what rules decide; closed by the flow
/// @param live whoever watches
/// @param tracer chooses the readings that are followed
public record FlowParts(
        FlowClock clock,
        Meters meters,
        LastValues latest,
        DeadLetters deadLetters,
        Commands commands,
        Live live,
        Tracer tracer) {}
