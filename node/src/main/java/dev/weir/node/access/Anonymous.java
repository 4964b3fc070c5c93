package dev.weir.node.access;

import java.net.InetAddress;
import java.util.Locale;

/// From where clients may come in without a name.
public enum Anonymous {
    /// From this machine.
    LOOPBACK,
    /// From nowhere.
    NEVER,
    /// From everywhere.
    EVERYWHERE;

    static Anonymous of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    boolean admits(InetAddress from) {
        return switch (this) {
            case LOOPBACK -> from.isLoopbackAddress();
            case NEVER -> false;
            case EVERYWHERE -> true;
        };
    }
}
