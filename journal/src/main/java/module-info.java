/// A write-ahead log with group commit, cursors and retention.
module dev.weir.journal {
    requires static transitive org.jspecify;

    exports dev.weir.journal;
}
