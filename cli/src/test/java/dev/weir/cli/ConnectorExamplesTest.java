package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.node.ConnectorReference;
import dev.weir.node.ConnectorReference.Page;
import dev.weir.node.NodeConfig;
import dev.weir.node.NodePlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The example of each connector passes `weir check`.
class ConnectorExamplesTest {
    private static final Pattern NAME = Pattern.compile("(?m)^ {2}([a-z0-9-]+):");

    @TempDir
    Path folder;

    static List<Page> pages() {
        return ConnectorReference.pages();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void check_exampleOfConnector_findsNothing(Page page) throws IOException {
        Path file = Files.writeString(folder.resolve("node.yaml"), whole(page.example()));
        NodeConfig config = NodePlan.load(file, Map.of());
        NodePlan.of(config);

        assertThat(config.report().render()).as(page.name()).isEmpty();
    }

    /// Puts around an example what a file needs beside it: a source, a pipeline from each source to
    /// each sink.
    private String whole(String example) {
        String text = "node: t\ndata: " + folder.resolve("data") + "\nmemory: 1GiB\n" + example + "\n";
        if (!example.contains("sources:")) {
            text += "sources:\n  devices: { mqtt: {} }\n";
        }
        if (!example.contains("pipelines:")) {
            text += "pipelines:\n  all: { from: " + names(text, "sources")
                    + ", topic: '{device}/#', decode: { json: {} }," + " to: " + names(text, "sinks") + " }\n";
        }
        return text;
    }

    private static List<String> names(String yaml, String block) {
        Matcher found =
                Pattern.compile("(?m)^" + block + ":\\n((?: .*\\n|\\n)*)").matcher(yaml);
        return found.find()
                ? NAME.matcher(found.group(1))
                        .results()
                        .map(name -> name.group(1))
                        .toList()
                : List.of("store");
    }
}
