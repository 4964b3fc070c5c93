/// HiveMQ Community Edition as a peer of the ingest benchmark.
@NullMarked
package dev.weir.bench.hivemq;

import org.jspecify.annotations.NullMarked;
