package dev.weir.connect.mqtt;

/// A version of the protocol.
public enum Version {
    V3_1_1(4),
    V5(5);

    private final int level;

    Version(int level) {
        this.level = level;
    }

    /// The number that stands for it in CONNECT.
    int level() {
        return level;
    }
}
