package dev.weir.runtime;

import org.jspecify.annotations.Nullable;

/// One alternative of a [Select]: an operation on a channel, a timeout or a default, with what to do when it is
/// chosen. Made by the factories of [Select]; immutable, so it may be kept and used again.
///
/// @param <R> the type of the result
public sealed interface Case<R extends @Nullable Object> permits Operation, TimeoutCase, DefaultCase {}
