/// The local store: what the node saw, in one SQLite file that people can open.
///
/// [DataFolder] is the folder of one node: locked against a second process, and keeper of the
/// epoch. [Store] owns `store.db` in it. [StoreSink] is how pipelines write to it: when `write`
/// returns, the readings are on the disk.
///
/// **What people see** with `sqlite3 store.db`: a view for each stream, with its name, and the
/// columns `time`, `device` and the fields; the views `alarms` and `dead_letters`. `time` is UTC in
/// ISO-8601 with three decimals, nine when the value is finer than a millisecond. Names keep their
/// spelling; where two differ only in case, or a field is called `time` or `device`, the later one
/// ends in `_2`. Booleans are 0 and 1.
///
/// **What lies beneath** are tables whose names begin with `weir_`: one for each stream and period
/// of time, so that old data goes by dropping a table. Readings whose event time is far from when
/// they arrived (a clock that is wrong, a recording) lie in tables by arrival, so that a device
/// with a mad clock cannot make thousands of tables. The key is (device, time, source, epoch,
/// sequence), so writing a reading again changes nothing; a window's is (stream, device, start), so
/// writing it again replaces it.
///
/// **Threads.** One platform thread, `weir-store`, owns the connection that writes, since SQLite's
/// native calls pin a carrier; it commits the batches of all callers that wait together. At most
/// two platform threads read.
///
/// **Guarantee.** A write that returned survives a power cut (`synchronous=FULL`). A write that
/// threw may be repeated. When the disk is full or gone, writing throws and works again by itself
/// when the disk does.
@NullMarked
package dev.weir.node.store;

import org.jspecify.annotations.NullMarked;
