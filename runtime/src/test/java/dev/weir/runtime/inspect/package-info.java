/// Tests of the package of the same name.
@NullMarked
package dev.weir.runtime.inspect;

import org.jspecify.annotations.NullMarked;
