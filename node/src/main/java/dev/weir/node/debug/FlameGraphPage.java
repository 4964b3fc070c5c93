package dev.weir.node.debug;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import one.convert.Arguments;
import one.convert.FlameGraph;

/// A flame graph as a page that needs nothing but a browser, as async-profiler makes it.
public final class FlameGraphPage {
    private FlameGraphPage() {}

    /// The page, in UTF-8.
    public static byte[] html(Profile profile) throws IOException {
        Arguments arguments = new Arguments();
        arguments.title = "%s, %d s from %s, %s"
                .formatted(
                        profile.subject().word(),
                        profile.time().toSeconds(),
                        profile.start(),
                        profile.subject().unit());
        FlameGraph graph = new FlameGraph(arguments);
        graph.parseCollapsed(new StringReader(Collapsed.text(profile)));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (PrintStream print = new PrintStream(out, false, StandardCharsets.UTF_8)) {
            graph.dump(print);
        }
        return out.toByteArray();
    }
}
