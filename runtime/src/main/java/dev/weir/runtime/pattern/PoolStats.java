package dev.weir.runtime.pattern;

/// What a [WorkerPool] has done so far. When nothing moves,
/// `submitted = done + failed + dropped + queued + underWay`.
///
/// @param workers threads that take elements
/// @param submitted elements that were taken, those included that were dropped later
/// @param done elements whose handler has returned
/// @param failed elements whose handler has thrown
/// @param dropped elements that no worker got, by the overflow policy or because the pool ended
/// @param refused elements that were not taken: the submitter was told
/// @param queued elements that wait for a worker
/// @param underWay elements that a worker has
public record PoolStats(
        int workers, long submitted, long done, long failed, long dropped, long refused, int queued, int underWay) {}
