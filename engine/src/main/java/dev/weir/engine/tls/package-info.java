/// TLS for connectors: certificates and keys from PEM files, the same options at every door and for
/// every link, and files that change are taken up without a restart.
@NullMarked
package dev.weir.engine.tls;

import org.jspecify.annotations.NullMarked;
