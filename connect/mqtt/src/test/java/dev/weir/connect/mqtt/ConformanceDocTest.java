package dev.weir.connect.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/// Every normative statement that a server must keep has a test or a written reason why not;
/// docs/mqtt-conformance.md lists them. With `-Dweir.refresh=true` it is written anew.
@NullUnmarked
class ConformanceDocTest {
    private static final Path DOCUMENT = Path.of("..", "..", "docs", "mqtt-conformance.md");
    private static final String HOW = "the tests cover something else now; refresh it with: mvn -q -pl connect/mqtt -am"
            + " test -Dtest=ConformanceDocTest -Dsurefire.failIfNoSpecifiedTests=false -Dweir.refresh=true";

    /// @param key the version and the number, `5.0 3.1.0-1`
    /// @param server whether the server has a part to keep
    /// @param reason why no test stands behind it; empty if one must
    private record Statement(String key, boolean server, String words, String reason) {
        String version() {
            return key.substring(0, key.indexOf(' '));
        }

        String number() {
            return key.substring(key.indexOf(' ') + 1);
        }
    }

    private static Map<String, Statement> statements() throws IOException {
        Map<String, Statement> all = new LinkedHashMap<>();
        try (InputStream in = ConformanceDocTest.class.getResourceAsStream("normative-statements.txt")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    Statement statement = parse(line);
                    assertThat(all.put(statement.key(), statement)).as(line).isNull();
                }
            }
        }
        return all;
    }

    private static Statement parse(String line) {
        String[] parts = line.split(" \\| ", -1);
        String[] head = parts[0].split(" ", -1);
        assertThat(parts).as(line).hasSizeBetween(2, 3);
        assertThat(head).as(line).hasSize(3);
        assertThat(head[2]).as(line).isIn("server", "client", "both");
        return new Statement(
                head[0] + " " + head[1], !head[2].equals("client"), parts[1], parts.length == 3 ? parts[2] : "");
    }

    /// The tests behind each statement.
    private static Map<String, Set<String>> tests() throws IOException, URISyntaxException {
        Path classes = Path.of(ConformanceDocTest.class.getResource(".").toURI());
        Map<String, Set<String>> found = new TreeMap<>();
        try (Stream<Path> files = Files.list(classes)) {
            for (Path file :
                    files.filter(it -> it.toString().endsWith(".class")).toList()) {
                String name = file.getFileName().toString().replace(".class", "");
                for (Method method : declared(name)) {
                    note(found, name, method);
                }
            }
        }
        return found;
    }

    private static Method[] declared(String name) {
        try {
            String full = ConformanceDocTest.class.getPackageName() + "." + name;
            return Class.forName(full, false, ConformanceDocTest.class.getClassLoader())
                    .getDeclaredMethods();
        } catch (ClassNotFoundException gone) {
            throw new AssertionError(name, gone);
        }
    }

    private static void note(Map<String, Set<String>> found, String name, Method method) {
        Normative behind = method.getAnnotation(Normative.class);
        if (behind != null) {
            String test = name + "." + method.getName();
            Arrays.stream(behind.v3()).forEach(it -> add(found, "3.1.1 " + it, test));
            Arrays.stream(behind.v5()).forEach(it -> add(found, "5.0 " + it, test));
        }
    }

    private static void add(Map<String, Set<String>> found, String key, String test) {
        found.computeIfAbsent(key, absent -> new TreeSet<>()).add(test);
    }

    @Test
    void annotations_nameKnownStatements() throws Exception {
        assertThat(statements().keySet()).containsAll(tests().keySet());
    }

    @Test
    void serverStatements_haveATestOrAReason() throws Exception {
        Map<String, Set<String>> tests = tests();
        List<String> open = new ArrayList<>();
        for (Statement statement : statements().values()) {
            if (statement.server() && statement.reason().isEmpty() == !tests.containsKey(statement.key())) {
                open.add(statement.key() + " (" + statement.words() + ")"
                        + (statement.reason().isEmpty() ? " has neither" : " has both"));
            }
        }
        assertThat(open).isEmpty();
    }

    @Test
    void document_isWhatTheTestsCover() throws Exception {
        String fresh = document();
        if (Boolean.getBoolean("weir.refresh")) {
            Files.writeString(DOCUMENT, fresh);
        }
        assertThat(DOCUMENT).exists();
        assertThat(Files.readString(DOCUMENT)).as("%s: %s", DOCUMENT, HOW).isEqualTo(fresh);
    }

    private static String document() throws Exception {
        Map<String, Set<String>> tests = tests();
        StringBuilder out = new StringBuilder("""
                # MQTT conformance

                The normative statements of MQTT 3.1.1 and MQTT 5.0 that concern a server, in a few words of our own,
                and the tests behind them (in `connect/mqtt/src/test`). This page is generated from the tests'
                `@Normative` annotations: a statement without a test or a reason fails the build.

                The public interoperability suite of the Paho project runs against `examples/interop/interop.yaml`,
                which says how.
                """);
        String version = "";
        for (Statement statement : statements().values()) {
            if (!statement.server()) {
                continue;
            }
            if (!version.equals(statement.version())) {
                version = statement.version();
                out.append("\n## MQTT ").append(version).append("\n\n| statement | in short | test |\n|---|---|---|\n");
            }
            String behind = statement.reason().isEmpty()
                    ? String.join(
                            "<br>",
                            tests.getOrDefault(statement.key(), new TreeSet<>()).stream()
                                    .map(test -> "`" + test + "`")
                                    .toList())
                    : "none: " + statement.reason();
            out.append("| MQTT-").append(statement.number()).append(" | ");
            out.append(statement.words().replace("|", "\\|")).append(" | ");
            out.append(behind).append(" |\n");
        }
        return out.toString();
    }
}
