package dev.weir.runtime.pattern;

import java.time.Duration;

/// What a [Stage] of a pipeline has done so far. The slow stage is the one with a full queue in
/// front of it: the stages before it are blocked, those behind it starved.
///
/// @param name of the stage
/// @param workers its threads that do the work
/// @param in elements that it has taken
/// @param out elements that it has handed on
/// @param queued elements that wait in front of it
/// @param capacity how many may wait in front of it
/// @param starved how long its threads have waited for elements, all added up
/// @param blocked how long they have waited for room behind it, all added up
public record StageStats(
        String name, int workers, long in, long out, int queued, int capacity, Duration starved, Duration blocked) {}
