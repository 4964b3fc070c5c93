/// NATS: subjects and JetStream consumers as a source, readings published as a sink.
@NullMarked
package dev.weir.connect.nats;

import org.jspecify.annotations.NullMarked;
