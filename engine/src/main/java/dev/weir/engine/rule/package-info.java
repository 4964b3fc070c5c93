/// Conditions with memory, and what follows from them: commands and alarms.
@NullMarked
package dev.weir.engine.rule;

import org.jspecify.annotations.NullMarked;
