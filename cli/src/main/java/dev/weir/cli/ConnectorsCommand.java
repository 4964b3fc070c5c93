package dev.weir.cli;

import dev.weir.engine.config.Reference.Row;
import dev.weir.node.ConnectorReference;
import dev.weir.node.ConnectorReference.Page;
import dev.weir.node.ConnectorReference.Part;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `weir connectors`: what a node can connect to.
@Command(
        name = "connectors",
        mixinStandardHelpOptions = true,
        description = {
            "Lists the sources, sinks and actions of this version, or describes one connector: an example, what is"
                    + " delivered and what destroys that, and every option with its default."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "2:wrong usage, or no connector of that name"},
        footer = {"", "Examples:", "  weir connectors", "  weir connectors mqtt", "  weir connectors --json"})
final class ConnectorsCommand implements Callable<Integer> {
    private static final int WIDTH = 100;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "the connector, or an action of it")
    @Nullable
    private String name;

    @Option(names = "--json", description = "for programs: an array of objects")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        Terminal terminal = new Terminal(spec.commandLine().getOut());
        List<Page> all = ConnectorReference.pages();
        String wanted = name;
        List<Page> pages = wanted == null
                ? all
                : all.stream().filter(page -> isCalled(page, wanted)).toList();
        if (pages.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "there is no connector '" + wanted + "'; there are: " + names(all));
        }
        if (json) {
            terminal.line(ConnectorsJson.of(pages));
        } else if (wanted == null) {
            list(pages, terminal);
        } else {
            pages.forEach(page -> describe(page, terminal));
        }
        return 0;
    }

    private static boolean isCalled(Page page, String name) {
        return page.name().equals(name)
                || page.parts().stream().anyMatch(part -> part.name().equals(name));
    }

    private static String names(List<Page> pages) {
        return pages.stream().map(Page::name).distinct().collect(Collectors.joining(", "));
    }

    private static void list(List<Page> pages, Terminal terminal) {
        List<Part> parts = pages.stream().flatMap(page -> page.parts().stream()).toList();
        int width = parts.stream().mapToInt(part -> part.name().length()).max().orElse(1);
        for (Part part : parts) {
            terminal.line(("%-" + width + "s  %-6s  %s")
                    .formatted(part.name(), part.kind().word(), plain(part.about())));
        }
    }

    private static void describe(Page page, Terminal terminal) {
        terminal.important(page.name());
        paragraph(page.about(), "", terminal);
        terminal.line("");
        page.example().strip().lines().forEach(line -> terminal.line("    " + line));
        terminal.line("");
        for (Part part : page.parts()) {
            terminal.important(part.kind().word() + " " + part.name());
            paragraph(part.about(), "  ", terminal);
            paragraph("Delivery: " + part.guarantee(), "  ", terminal);
            paragraph("What destroys that: " + part.lost(), "  ", terminal);
            terminal.line("");
            options(part.summary(), terminal);
        }
    }

    /// The name and the default in columns; under it what it does and may hold.
    private static void options(List<Row> rows, Terminal terminal) {
        int width = rows.stream().mapToInt(row -> row.path().length()).max().orElse(1);
        for (Row row : rows) {
            terminal.line(("  %-" + width + "s  %s")
                    .formatted(row.path(), row.fallback().isEmpty() ? "-" : row.fallback())
                    .stripTrailing());
            paragraph(row.about(), "      ", terminal);
            paragraph(row.value(), "      ", terminal);
        }
        terminal.line("");
    }

    private static void paragraph(String text, String indent, Terminal terminal) {
        StringBuilder line = new StringBuilder(indent);
        for (String word : plain(text).split(" ", -1)) {
            if (line.length() > indent.length() && line.length() + 1 + word.length() > WIDTH) {
                terminal.line(line.toString());
                line = new StringBuilder(indent);
            }
            line.append(line.length() > indent.length() ? " " : "").append(word);
        }
        terminal.line(line.toString());
    }

    /// Without the marks of Markdown.
    private static String plain(String text) {
        return text.replace("`", "").replace("**", "").replace('\n', ' ');
    }
}
