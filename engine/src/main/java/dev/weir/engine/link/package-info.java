/// How connections to other servers are kept: made anew for ever, with pauses that grow and are
/// random, and with the same meters and log lines whatever the protocol.
@NullMarked
package dev.weir.engine.link;

import org.jspecify.annotations.NullMarked;
