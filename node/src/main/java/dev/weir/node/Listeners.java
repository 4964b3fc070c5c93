package dev.weir.node;

import dev.weir.engine.Connector;
import dev.weir.engine.config.HostPort;
import dev.weir.engine.config.Location;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Section.Located;
import dev.weir.engine.config.Section.Tag;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Finds two listeners on one address before the system does.
final class Listeners {
    /// The connectors that listen on UDP, which has ports of its own.
    private static final Set<String> UDP = NodeShape.connectors().stream()
            .filter(connector -> connector
                    .source()
                    .filter(type -> type.listens() == Connector.Listens.UDP)
                    .isPresent())
            .map(Connector::name)
            .collect(Collectors.toUnmodifiableSet());

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1");
    private static final Set<String> ANY = Set.of("0.0.0.0", "::");

    private Listeners() {}

    private record Listener(String path, Location location, HostPort address, boolean udp) {
        boolean clashesWith(Listener other) {
            return udp == other.udp
                    && address.port() != 0
                    && address.port() == other.address.port()
                    && overlaps(address.host(), other.address.host());
        }
    }

    /// The addresses on which a source listens: its options `listen`, at the top and in blocks
    /// like `tls:`.
    static List<Located<HostPort>> of(Tag tag) {
        return List.copyOf(listening(tag.section()).values());
    }

    /// A source and where it listens, in one line: `mqtt on 127.0.0.1:1883, tls 127.0.0.1:8883`.
    static String shown(Tag tag) {
        String where = listening(tag.section()).entrySet().stream()
                .map(entry -> label(entry.getKey()) + entry.getValue().value())
                .collect(Collectors.joining(", "));
        return where.isEmpty() ? tag.name() : tag.name() + " on " + where;
    }

    private static String label(String option) {
        int block = option.indexOf('.');
        return block < 0 ? "" : option.substring(0, block) + " ";
    }

    static void check(Section root, Problems problems) {
        List<Listener> known = new ArrayList<>();
        Section api = root.group("api");
        known.add(new Listener("api.listen", api.at("listen"), api.address("listen"), false));
        root.tagged("sources").forEach((name, tag) -> {
            String path = "sources." + name + "." + tag.name() + ".";
            listening(tag.section()).forEach((option, address) -> {
                boolean udp = UDP.contains(tag.name());
                add(new Listener(path + option, address.location(), address.value(), udp), known, problems);
            });
        });
    }

    private static void add(Listener listener, List<Listener> known, Problems problems) {
        known.stream()
                .filter(listener::clashesWith)
                .findFirst()
                .ifPresent(other -> problems.error(
                        listener.location(),
                        listener.path() + ": " + listener.address() + " is taken by " + other.path() + " (line "
                                + other.location().line() + "); choose another port"));
        known.add(listener);
    }

    private static Map<String, Located<HostPort>> listening(Section section) {
        Map<String, Located<HostPort>> listening = new LinkedHashMap<>(section.addresses());
        listening.keySet().removeIf(name -> !name.equals("listen") && !name.endsWith(".listen"));
        return listening;
    }

    private static boolean overlaps(String a, String b) {
        return a.equalsIgnoreCase(b)
                || ANY.contains(a)
                || ANY.contains(b)
                || (LOOPBACK.contains(a) && LOOPBACK.contains(b));
    }
}
