/// A disk that loses what was not forced: [FaultyDisk][dev.weir.testkit.disk.FaultyDisk].
///
/// # The model
///
/// A file has what programs see (the page cache) and what is on the platter.
///
/// **Writes** change what programs see. Of each sector of 512 bytes that was written since the last
/// `force`, a power cut leaves one of its versions or none of them, whatever became of the others:
/// nothing is ordered between two forces, and a write of several sectors may be torn. A sector
/// itself is whole. The size of a file is metadata: a cut leaves a beginning of its history, so
/// that a file may have grown without the data (then there are zeros, or with
/// [FaultyDisk#leaveGarbage][dev.weir.testkit.disk.FaultyDisk#leaveGarbage] anything), the data may
/// have arrived without the size, and what a truncation cut off stays off when it was kept.
///
/// **`force`** makes durable what the file was when the force began, and its size. `force(false)`
/// does the same: `fdatasync` has to write the metadata that reading the data back needs, and both
/// ext4 and XFS take every change of size for that. Times of files are not modelled.
///
/// **Names** are the folder's data. A creation, move or deletion is durable after a `force` of the
/// folder (`FileChannel.open(folder, READ).force(true)`): POSIX promises no more, so a file that
/// was forced may be gone with its name. Of unforced changes a cut keeps any, but for one name a
/// beginning of its history. A move is one change of two names: wholly there or not. A
/// `Files.move` that replaces without `ATOMIC_MOVE` is a deletion and a move, since that is what
/// the JDK does.
///
/// **A failed force** leaves the pages clean: programs see the new content until the next cut, a
/// second force succeeds and nothing of it was written. That is what Linux does (ext4 and XFS keep
/// the pages as they are; Btrfs goes back to the old ones).
///
/// **Processes** share the page cache and differ in their locks. As POSIX has it, a process that
/// closes any channel of a file loses its locks on that file.
///
/// # Where it is from
///
/// - What reorders, what tears and what an application may rely on: Pillai and others, *All File
///   Systems Are Not Created Equal: On the Complexity of Crafting Crash-Consistent Applications*
///   (ALICE, OSDI 2014). The model is weaker than any one of the file systems in it: a program
///   that is right here is right on all of them.
/// - Failed forces: the discussion among PostgreSQL's developers in 2018 ("fsyncgate"), and Rebello
///   and others, *Can Applications Recover from fsync Failures?* (USENIX ATC 2020).
/// - `fsync(2)`: a force of a file "does not necessarily ensure that the entry in the directory
///   containing the file has also reached disk".
///
/// # What it has not
///
/// Links, permissions and memory maps. Two folders that are moved into each other between two
/// forces may both be out of reach after a cut, which a real file system prevents. A sector that
/// lies (was forced and is old again after a cut) is made with
/// [FaultyDisk#flipBit][dev.weir.testkit.disk.FaultyDisk#flipBit] only.
@NullMarked
package dev.weir.testkit.disk;

import org.jspecify.annotations.NullMarked;
