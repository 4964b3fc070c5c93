/// Virtual time, seeded interleavings and a check for left threads, for tests of code on virtual
/// threads.
module dev.weir.runtime.junit {
    requires transitive dev.weir.runtime;
    requires static transitive org.jspecify;
    requires transitive org.junit.jupiter.api;

    exports dev.weir.runtime.junit;
}
