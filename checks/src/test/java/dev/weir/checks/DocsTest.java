package dev.weir.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What documents name exists: files behind links, tests behind promises, commands, versions.
final class DocsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*(?:Test|IT|Properties))`");
    private static final Pattern DRAWING = Pattern.compile("[─│▼→·]");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");

    private static List<Path> files(String ending) throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .filter(file -> Stream.of("target", ".git", "node_modules")
                            .noneMatch(folder -> ROOT.relativize(file).startsWith(folder)
                                    || file.toString().contains("/" + folder + "/")))
                    .toList();
        }
    }

    @Test
    void links_leadToFilesThatExist() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path file : files(".md")) {
            for (MatchResult link :
                    LINK.matcher(Files.readString(file)).results().toList()) {
                String target = link.group(1);
                if (!target.contains("://") && !target.startsWith("mailto:") && !leadsSomewhere(file, target)) {
                    broken.add(ROOT.relativize(file) + " → " + target);
                }
            }
        }
        assertThat(broken).as("links to files or headings that do not exist").isEmpty();
    }

    private static boolean leadsSomewhere(Path from, String target) throws IOException {
        int hash = target.indexOf('#');
        String path = hash < 0 ? target : target.substring(0, hash);
        Path file = path.isEmpty() ? from : from.resolveSibling(path);
        if (!Files.exists(file)) {
            return false;
        }
        return hash < 0 || anchors(file).contains(target.substring(hash + 1));
    }

    /// The anchors that GitHub and others make of headings.
    private static Set<String> anchors(Path file) throws IOException {
        return HEADING.matcher(Files.readString(file))
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(java.util.Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .strip()
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    @Test
    void tests_thatDocumentsName_exist() throws IOException {
        Set<String> existing = files(".java").stream()
                .map(file -> file.getFileName().toString().replace(".java", ""))
                .collect(Collectors.toSet());
        Set<String> missing = new TreeSet<>();
        int named = 0;
        for (Path file : files(".md")) {
            for (MatchResult test :
                    TEST.matcher(Files.readString(file)).results().toList()) {
                named++;
                if (!existing.contains(test.group(1))) {
                    missing.add(ROOT.relativize(file) + ": " + test.group(1));
                }
            }
        }
        assertThat(named).as("names of tests in documents").isPositive();
        assertThat(missing)
                .as("tests that documents name and that do not exist")
                .isEmpty();
    }

    @Test
    void everyPromise_namesATest() throws IOException {
        List<String> promises = Files.readAllLines(ROOT.resolve("docs/guarantees.md")).stream()
                .filter(line -> line.matches("\\| \\d+ \\|.*"))
                .toList();

        assertThat(promises).hasSizeGreaterThanOrEqualTo(8);
        assertThat(promises).allMatch(line -> TEST.matcher(line).find());
    }

    @Test
    void readme_commandsExist() throws IOException {
        Set<String> tools = words(Files.readString(ROOT.resolve("scripts/provision")));
        String commands = Files.readString(ROOT.resolve("cli/src/main/java/dev/weir/cli/Main.java"));
        List<String> seen = new ArrayList<>();
        for (String line : commandLines(ROOT.resolve("README.md"))) {
            String[] words = line.split("\\s+", -1);
            seen.add(words[0]);
            if (words[0].equals("./weir")) {
                String type = Character.toUpperCase(words[1].charAt(0)) + words[1].substring(1) + "Command.class";
                assertThat(commands).as("the command of: %s", line).contains(type);
            }
            if (words[0].contains("/")) {
                assertThat(ROOT.resolve(words[0])).as(line).isExecutable();
            } else {
                assertThat(tools)
                        .as("scripts/provision installs what is needed for: %s", line)
                        .contains(words[0]);
            }
        }
        assertThat(seen).contains("./weir", "scripts/test");
    }

    /// The lines of indented and shell-fenced blocks that begin with a command.
    private static List<String> commandLines(Path file) throws IOException {
        List<String> commands = new ArrayList<>();
        String fence = "";
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith("```")) {
                fence = fence.isEmpty() ? line : "";
            } else if (fence.isEmpty() ? line.startsWith("    ") : fence.matches("```(sh|bash|shell)")) {
                String text = line.strip();
                if (text.matches("(\\./|scripts/|[a-z][a-z0-9_-]+ ).*")
                        && !line.startsWith("     ")
                        && !DRAWING.matcher(text).find()) {
                    commands.add(text);
                }
            }
        }
        return commands;
    }

    private static Set<String> words(String text) {
        return Pattern.compile("[\\w-]+")
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toSet());
    }

    @Test
    void dependencies_haveTheVersionsOfThePom() throws IOException {
        String pom = Files.readString(ROOT.resolve("pom.xml"));
        Matcher row = Pattern.compile("(?m)^\\| ([^|]+) \\| ([\\d.]+(?:, [\\d.]+)*) \\|.*$")
                .matcher(Files.readString(ROOT.resolve("docs/dependencies.md")));
        List<String> versions = new ArrayList<>();
        while (row.find()) {
            for (String version : row.group(2).split(", ", -1)) {
                versions.add(version);
                assertThat(pom).as("version of %s in pom.xml", row.group(1)).contains(">" + version + "<");
            }
        }
        assertThat(versions).hasSizeGreaterThanOrEqualTo(9);
    }
}
