package dev.weir.node.access;

import dev.weir.engine.config.HostPort;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section.Located;
import dev.weir.engine.config.Section.Tag;
import java.util.List;
import java.util.Optional;

/// Looks for doors that are open to more, or to fewer, than their owner probably thinks.
public final class Exposure {
    private Exposure() {}

    /// @param path the source in the file, for messages
    /// @param addresses where it listens
    public static void check(
            String path, Tag source, List<Located<HostPort>> addresses, NodeAccess access, Problems problems) {
        Optional<Located<HostPort>> outside = addresses.stream()
                .filter(address -> !isLoopback(address.value().host()))
                .findFirst();
        if (outside.isEmpty()) {
            return;
        }
        Located<HostPort> door = outside.get();
        Optional<String> word = Optional.ofNullable(source.shared().textOrNull("anonymous"));
        switch (access.anonymous(word)) {
            case EVERYWHERE ->
                problems.warning(
                        door.location(),
                        path + ": listens on " + door.value() + " and lets everybody in without a name ('anonymous:"
                                + " everywhere'); who reaches the port may do all that 'access: rules:' does not forbid");
            case LOOPBACK, NEVER -> {
                if (!access.knowsAnybody() && !source.section().mentions("client-ca")) {
                    problems.warning(
                            door.location(),
                            path + ": listens on " + door.value() + ", but nobody from outside can log in: add users"
                                    + " ('access: users:'), credentials ('weir credentials create'), or say 'anonymous:"
                                    + " everywhere'");
                }
            }
        }
    }

    private static boolean isLoopback(String host) {
        return host.equalsIgnoreCase("localhost") || host.startsWith("127.") || host.equals("::1");
    }
}
