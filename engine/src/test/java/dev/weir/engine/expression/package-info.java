@NullMarked
package dev.weir.engine.expression;

import org.jspecify.annotations.NullMarked;
