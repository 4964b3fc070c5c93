@NullMarked
package dev.weir.checks;

import org.jspecify.annotations.NullMarked;
