/// What a pipeline does to a reading: validate, filter, map, dedupe, on-change, throttle, window,
/// and putting readings in order of event time.
///
/// A [dev.weir.engine.stage.Stage] looks at one reading at a time and gives a verdict.
/// [dev.weir.engine.stage.StageShapes] says what may stand in the configuration,
/// [dev.weir.engine.stage.Stages] makes stages of it, with names resolved to slots by
/// [dev.weir.engine.stage.StreamScope].
///
/// **Time.** Everything here counts event time, and each device has its own: what a stage knows of
/// one device's clock never decides about another's readings. Where several devices share a
/// window, [dev.weir.engine.stage.Window] says who is waited for. No stage looks at a clock, so the
/// same readings in the same order by device give the same answers.
///
/// **State** is kept by key in a [dev.weir.engine.stage.KeyedState]: bounded, the key used least
/// recently gives way, and that is counted ([dev.weir.engine.stage.Stage#counts]). It is lost when
/// the node stops.
///
/// **Failure.** An expression that fails on a reading makes a dead letter of it
/// ([dev.weir.engine.stage.StageException]); nothing but `map` has changed the reading or any
/// state then.
@NullMarked
package dev.weir.engine.stage;

import org.jspecify.annotations.NullMarked;
