/// What a pipeline does to a reading: validate, filter, map, dedupe, on-change, throttle, window.
@NullMarked
package dev.weir.engine.stage;

import org.jspecify.annotations.NullMarked;
