/// Go's concurrency model on virtual threads: channels, select, context and groups.
@SuppressWarnings("module") // the tools for tests are built later and may be absent
module dev.weir.runtime {
    requires static transitive org.jspecify;
    requires static jdk.jfr;

    exports dev.weir.runtime;
    exports dev.weir.runtime.inspect;
    exports dev.weir.runtime.pattern;
    exports dev.weir.runtime.supervise;
    exports dev.weir.runtime.control to
            dev.weir.runtime.junit;
}
