/// Follows single readings from source to sink: a sampled share of them, those whose sender follows
/// them already, and for a while all of one device.
///
/// [dev.weir.node.tracing.Tracing] chooses ([dev.weir.engine.Tracer]) and makes spans with
/// OpenTelemetry. Every span that ends is kept for a while in memory
/// ([dev.weir.node.tracing.KeptSpans]) and, where the config names a collector, waits in a bounded
/// queue to be sent there ([dev.weir.node.tracing.SpanQueue]); what finds no room, or cannot be
/// sent, is dropped and counted. How many traces begin in a second is bounded whatever devices
/// ask for.
///
/// Without `tracing:` in the config nothing of this exists: the engine then asks
/// [dev.weir.engine.Tracer#none], which is a branch for each reading.
@NullMarked
package dev.weir.node.tracing;

import org.jspecify.annotations.NullMarked;
