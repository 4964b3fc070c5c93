package dev.weir.node;

import dev.weir.engine.Connector;
import dev.weir.engine.Connector.Delivery;
import dev.weir.engine.config.Reference;
import dev.weir.engine.config.Reference.Row;
import dev.weir.engine.config.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What the connectors on the class path say about themselves.
public final class ConnectorReference {
    private ConnectorReference() {}

    /// A connector, as people read about it.
    ///
    /// @param name the tag in the config
    /// @param about what it connects to
    /// @param example a config that works
    /// @param parts what it can be
    public record Page(String name, String about, String example, List<Part> parts) {
        public Page {
            parts = List.copyOf(parts);
        }
    }

    /// One way to use a connector.
    ///
    /// @param kind what it is
    /// @param name the tag in the config; an action's may differ from the connector's
    /// @param about what it does, in a line
    /// @param guarantee how often what it carries arrives, in which order, and what its
    ///     acknowledgement says
    /// @param lost what destroys that
    /// @param options what may stand under its name
    /// @param summary the same for people: what a block has from the block around is on one line
    public record Part(
            PartKind kind,
            String name,
            String about,
            String guarantee,
            String lost,
            List<Row> options,
            List<Row> summary) {
        public Part {
            options = List.copyOf(options);
            summary = List.copyOf(summary);
        }
    }

    /// What a connector can be.
    public enum PartKind {
        /// Under `sources:`.
        SOURCE("source"),
        /// Under `sinks:`.
        SINK("sink"),
        /// In `do:` and `otherwise:` of a rule.
        ACTION("action");

        private final String word;

        PartKind(String word) {
            this.word = word;
        }

        /// Its name for people.
        public String word() {
            return word;
        }
    }

    /// The connectors on the class path, sorted by name.
    public static List<Page> pages() {
        return NodeShape.connectors().stream().map(ConnectorReference::page).toList();
    }

    private static Page page(Connector connector) {
        List<Part> parts = new ArrayList<>();
        connector
                .source()
                .ifPresent(type -> parts.add(part(PartKind.SOURCE, connector.name(), type.shape(), type.delivery())));
        connector
                .sink()
                .ifPresent(type -> parts.add(part(PartKind.SINK, connector.name(), type.shape(), type.delivery())));
        connector
                .actions()
                .forEach(type -> parts.add(part(PartKind.ACTION, type.name(), type.shape(), type.delivery())));
        return new Page(connector.name(), connector.about(), connector.example(), parts);
    }

    private static Part part(PartKind kind, String name, Shape shape, Delivery delivery) {
        return new Part(
                kind,
                name,
                shape.about(),
                delivery.guarantee(),
                delivery.lost(),
                Reference.rows(shape),
                Reference.summary(shape));
    }

    /// All of it as Markdown, with headings of the second level and below.
    public static String markdown() {
        Map<String, List<Page>> byName =
                pages().stream().collect(Collectors.groupingBy(Page::name, TreeMap::new, Collectors.toList()));
        StringBuilder out = new StringBuilder("| connector | source | sink | actions |\n|---|---|---|---|\n");
        byName.forEach((name, pages) -> out.append("| [`%s`](#%s) | %s | %s | %s |\n"
                .formatted(
                        name,
                        name,
                        has(pages, PartKind.SOURCE),
                        has(pages, PartKind.SINK),
                        pages.stream()
                                .flatMap(page -> page.parts().stream())
                                .filter(part -> part.kind() == PartKind.ACTION)
                                .map(part -> "`" + part.name() + "`")
                                .collect(Collectors.joining(", ")))));
        byName.forEach((name, pages) -> {
            out.append("\n## `").append(name).append("`\n");
            pages.forEach(page -> append(page, out));
        });
        return out.toString();
    }

    private static String has(List<Page> pages, PartKind kind) {
        return pages.stream().flatMap(page -> page.parts().stream()).anyMatch(part -> part.kind() == kind) ? "yes" : "";
    }

    private static void append(Page page, StringBuilder out) {
        out.append('\n').append(page.about()).append("\n\n```yaml\n");
        out.append(page.example().strip()).append("\n```\n");
        for (Part part : page.parts()) {
            out.append("\n### ").append(title(part)).append("\n\n").append(sentence(part.about()));
            out.append("\n\n**Delivery.** ").append(part.guarantee());
            out.append("\n\n**What destroys that.** ").append(part.lost()).append('\n');
            if (!part.summary().isEmpty()) {
                out.append("\n| key | value | default | what it does |\n|---|---|---|---|\n");
                part.summary().forEach(row -> append(row, out));
            }
        }
    }

    private static void append(Row row, StringBuilder out) {
        boolean quoted = !row.fallback().isEmpty() && !row.fallback().equals("required");
        out.append("| `").append(row.path()).append("` | ").append(cell(row.value()));
        out.append(" | ").append(cell(quoted ? "`" + row.fallback() + "`" : row.fallback()));
        out.append(" | ").append(cell(row.about())).append(" |\n");
    }

    private static String title(Part part) {
        return switch (part.kind()) {
            case SOURCE -> "Source `" + part.name() + "`";
            case SINK -> "Sink `" + part.name() + "`";
            case ACTION -> "Action `" + part.name() + "`";
        };
    }

    private static String sentence(String text) {
        return text.endsWith(".") ? text : text + ".";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace('\n', ' ');
    }
}
