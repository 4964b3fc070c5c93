/// Files of readings as a source: followed as they grow, read once, or replayed in their own time.
///
/// **Lines.** Each line is a message; its end is LF or CRLF, and a byte order mark is left out.
/// With `format: csv` the first line names the columns and goes with each message. A record with a
/// line end inside quotes is not supported. Empty lines are passed over. A line that is being
/// written is not read before its end comes; at the end of a file that is read once, it is.
///
/// **Following.** A name is looked at every `poll`. When it stands for another file (rotation by
/// renaming), the old one is read on until it stayed quiet for five looks, then the new one from
/// its start; half a line at the end of the old one is counted as `incomplete`. When the file is
/// shorter than what was read, or begins otherwise (rotation by copying and truncating), it is read
/// from its start. inotify is not used: it does not see what other machines write.
///
/// **Delivery.** At least once, in the order of the lines. A file is known by device and inode and
/// by a checksum of its first bytes; up to where its lines are acknowledged without a gap is
/// written to `positions` in the source's folder, once a second and when it closes, by replacing
/// the file. A line that no pipeline wants, or that cannot be decoded, is settled like an accepted
/// one; one that is refused for overload is offered again, if need be together with those after it.
///
/// **Threads.** `file-NAME`, a platform thread: reading a file blocks its carrier, and a network
/// file system may do that for minutes.
///
/// **Bounds.** `max-files` files, `window` lines of each that wait for their acknowledgement, one
/// buffer of `max-line` and one of the same size for a header and its line. Longer lines are
/// skipped piece by piece. Compressed files are read as a stream.
@NullMarked
package dev.weir.connect.file;

import org.jspecify.annotations.NullMarked;
