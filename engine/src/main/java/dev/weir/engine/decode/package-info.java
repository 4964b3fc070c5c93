/// From bytes to readings: JSON, SenML, CSV, raw.
@NullMarked
package dev.weir.engine.decode;

import org.jspecify.annotations.NullMarked;
