/// Files of readings as a source: read once, followed as they grow, or replayed in their own time.
@NullMarked
package dev.weir.connect.file;

import org.jspecify.annotations.NullMarked;
