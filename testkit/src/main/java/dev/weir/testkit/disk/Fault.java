package dev.weir.testkit.disk;

/// What can go wrong with one operation.
public enum Fault {
    /// A write fails with "Input/output error"; nothing of it was done.
    FAILED_WRITE,
    /// A write takes only half of what it was given, as every write may, and says so.
    SHORT_WRITE,
    /// A force fails with "Input/output error". As on Linux the pages count as written from then on
    /// though they are not on the platter: programs go on seeing the new content until a cut, and
    /// a later force succeeds and does not help. The changes of a folder's names are never on the
    /// platter either, nor what builds on them.
    FAILED_FORCE,
    /// As [#FAILED_FORCE], and programs see the old content of these pages from then on.
    REVERTING_FORCE,
    /// A change of names (creation, move, deletion) fails with "Input/output error"; nothing of it
    /// was done.
    FAILED_NAMING
}
