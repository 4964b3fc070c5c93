/// Rules about the code itself, checked as tests: who may know whom, names, sizes.
@NullMarked
package dev.weir.checks;

import org.jspecify.annotations.NullMarked;
