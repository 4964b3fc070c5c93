/// The machine itself as a source: processor, memory, disks, temperatures, network.
@NullMarked
package dev.weir.connect.system;

import org.jspecify.annotations.NullMarked;
