/// What the tests print when they stand still.
@NullMarked
package dev.weir.runtime.stall;

import org.jspecify.annotations.NullMarked;
