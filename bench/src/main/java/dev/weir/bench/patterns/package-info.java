/// What is said of the patterns of concurrency, each once without the pattern and once with it: a
/// process measures one of them and prints `name value` lines. Go's side is `bench/go/patterns.go`.
@NullMarked
package dev.weir.bench.patterns;

import org.jspecify.annotations.NullMarked;
