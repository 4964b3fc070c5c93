/// A write-ahead log: what was appended and became durable is there after a crash of the process, of
/// the system, and after the power has gone. Knows nothing but Java, and can be used by itself.
///
/// ```java
/// try (Journal journal = Journal.open(folder, JournalSettings.standard())) {
///     Appended appended = journal.append(bytes);
///     appended.await();                          // now it is on the disk
/// }
/// ```
///
/// - [dev.weir.journal.Journal#append] copies a record into memory and returns a
///   [handle][dev.weir.journal.Appended]. One platform thread writes and forces whatever has come,
///   so a thousand virtual threads share a force, and a lonely one has it for itself.
/// - [dev.weir.journal.Fsync] says what durable means.
/// - A [reader][dev.weir.journal.Reader] sees what is durable, in order, and waits for more.
/// - A [cursor][dev.weir.journal.Cursor] remembers across restarts how far its consumer is.
///   [Retention][dev.weir.journal.JournalSettings.Retention] removes files that no cursor needs, or
///   that are too many.
/// - What cannot be read, and was durable, is never passed over in silence: a reader
///   [fails][dev.weir.journal.CorruptException] there, or skips it and
///   [tells][dev.weir.journal.JournalListener].
///
/// What it takes for granted: a sector is written as a whole or not at all, or at least a sector
/// that is written again with the same beginning keeps that (SQLite's "powersafe overwrite"), and a
/// force that succeeds has done what it says. The bytes on the disk are described in
/// `docs/journal-format.md`.
@NullMarked
package dev.weir.journal;

import org.jspecify.annotations.NullMarked;
