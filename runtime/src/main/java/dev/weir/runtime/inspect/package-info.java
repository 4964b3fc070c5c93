/// Seeing inside: what the virtual threads of this library do, what they wait for, and which of
/// them wait for ever.
@NullMarked
package dev.weir.runtime.inspect;

import org.jspecify.annotations.NullMarked;
