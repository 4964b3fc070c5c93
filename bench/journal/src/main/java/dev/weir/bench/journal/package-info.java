/// The journal and its peers as durable logs: RocksDB and SQLite, each behind a thread that commits
/// for all, and a plain file that is written and forced.
@NullMarked
package dev.weir.bench.journal;

import org.jspecify.annotations.NullMarked;
