/// Go's concurrency model on virtual threads: channels, select, context and groups.
module dev.weir.runtime {
    requires static transitive org.jspecify;

    exports dev.weir.runtime;
}
