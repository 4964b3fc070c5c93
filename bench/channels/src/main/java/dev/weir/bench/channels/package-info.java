/// jox as a peer of the runtime benchmark. Kotlin's channels are beside it, in Kotlin, since only
/// its compiler makes functions that suspend.
@NullMarked
package dev.weir.bench.channels;

import org.jspecify.annotations.NullMarked;
