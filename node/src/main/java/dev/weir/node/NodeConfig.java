package dev.weir.node;

import dev.weir.engine.config.CheckReport;
import dev.weir.engine.config.ConfigFile;
import dev.weir.engine.config.HostPort;
import dev.weir.engine.config.Location;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Section.Located;
import dev.weir.engine.config.Section.Tag;
import dev.weir.engine.config.Shape;
import dev.weir.engine.config.Tree;
import dev.weir.engine.config.Yaml;
import dev.weir.node.tracing.TracingConfig;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// A node's configuration file, read and checked.
///
/// Loading never throws for what stands in the file: [#problems] tells what is wrong, all of it in
/// one run. The caller adds what only it can find (a bad expression, a budget that is exceeded, a
/// port that is taken) and shows the [#report]. Nothing may be made of a [Section] that is not
/// [Section#complete].
///
/// Not thread-safe while it is loaded and added to.
public final class NodeConfig {
    private static final Pattern NODE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    private final Optional<ConfigFile> file;
    private final Section root;
    private final Problems problems;
    private final Wiring wiring;
    private final String node;
    private final Path data;
    private final Optional<TracingConfig> tracing;

    private NodeConfig(
            Optional<ConfigFile> file, Section root, Problems problems, Wiring wiring, String node, Path data) {
        this.file = file;
        this.root = root;
        this.problems = problems;
        this.wiring = wiring;
        this.node = node;
        this.data = data;
        this.tracing = tracing(root, problems);
    }

    /// Reads and checks a file. Blocks on the disk, and on the look-up of the host name where the
    /// file does not name the node.
    ///
    /// @param environment the variables for `${NAME}`
    /// @param shape the shape of the file, from [NodeShape]
    public static NodeConfig load(Path path, Map<String, String> environment, Shape shape) {
        Problems problems = new Problems();
        Optional<ConfigFile> file = ConfigFile.read(path, problems);
        Optional<Tree> tree = file.flatMap(text -> Yaml.parse(text, environment, problems));
        Location start = new Location(path.toString(), 1, 1);
        // A file that is no YAML gets an empty root, whose missing keys nobody wants to hear of.
        Tree checked = tree.orElseGet(() -> new Tree.Mapping(start, List.of()));
        Section root = Section.check(checked, shape, tree.isPresent() ? problems : new Problems());
        String node = nodeName(root, environment, problems);
        Path data = dataFolder(root, node, problems);
        Wiring wiring = Wiring.of(checked, root, problems);
        if (tree.isPresent()) {
            Listeners.check(root, problems);
        }
        return new NodeConfig(file, root, problems, wiring, node, data);
    }

    /// Where further mistakes are added before the report is made.
    public Problems problems() {
        return problems;
    }

    /// The problems as text, and the exit code of `weir check`.
    public CheckReport report() {
        return new CheckReport(file, problems);
    }

    /// The whole file; where it could not be read or is no YAML, a section with nothing but
    /// defaults.
    public Section root() {
        return root;
    }

    /// The node's name.
    public String node() {
        return node;
    }

    /// The folder for everything the node keeps. It need not exist yet.
    public Path data() {
        return data;
    }

    /// The budget for queues and windows.
    public long memoryBytes() {
        return root.whole("memory");
    }

    /// The sources by name, in the order of the file.
    public Map<String, Tag> sources() {
        return root.tagged("sources");
    }

    /// The sinks by name, in the order of the file; `store` is not among them.
    public Map<String, Tag> sinks() {
        return root.tagged("sinks");
    }

    /// The pipelines by name, each behind those whose windows it reads from. Pipelines in a cycle
    /// are left out.
    public Map<String, Section> pipelines() {
        return wiring.pipelines();
    }

    /// The rules by name, in the order of the file.
    public Map<String, Section> rules() {
        return root.groups("rules");
    }

    /// The streams that windows make, each with the pipeline it comes from.
    public Map<String, String> windows() {
        return wiring.windows();
    }

    /// Where a source says on which address it listens, or else where the source itself stands: the
    /// place to show when its port is taken.
    public Location listenerOf(String source) {
        Tag tag = sources().get(source);
        if (tag == null) {
            return root.at("sources");
        }
        return Listeners.of(tag).stream().findFirst().map(Located::location).orElse(tag.location());
    }

    /// Adds that a source could not be opened.
    ///
    /// @param reason what the source said: what was tried and what to do
    public void couldNotOpen(String source, String reason) {
        problems.error(listenerOf(source), "sources." + source + ": " + reason);
    }

    /// Adds that the HTTP interface could not listen.
    ///
    /// @param reason what was tried and what to do
    public void couldNotOpenApi(String reason) {
        problems.error(root.group("api").at("listen"), "api.listen: " + reason);
    }

    /// How readings are followed; empty without `tracing:`, and where that is not complete.
    public Optional<TracingConfig> tracing() {
        return tracing;
    }

    private static Optional<TracingConfig> tracing(Section root, Problems problems) {
        if (!root.has("tracing") || !root.group("tracing").complete()) {
            return Optional.empty();
        }
        return Optional.of(TracingConfig.of(root.group("tracing"), problems));
    }

    /// Where the HTTP interface listens.
    public HostPort api() {
        return root.group("api").address("listen");
    }

    /// The least that is logged: `error`, `warn`, `info` or `debug`.
    public String logLevel() {
        return root.group("logs").text("level");
    }

    /// Whether log lines are JSON objects.
    public boolean logsAsJson() {
        return root.group("logs").text("format").equals("json");
    }

    private static String nodeName(Section root, Map<String, String> environment, Problems problems) {
        if (!root.has("node")) {
            return HostName.of(environment);
        }
        String name = root.text("node");
        if (!NODE.matcher(name).matches()) {
            problems.error(
                    root.at("node"),
                    "node: expected a letter or digit, then letters, digits, \".\", \"_\" or \"-\", at most 63"
                            + " characters in all");
            return "node";
        }
        return name;
    }

    private static Path dataFolder(Section root, String node, Problems problems) {
        Path fallback = Path.of("data", node);
        try {
            Path folder = root.has("data") ? Path.of(root.text("data")) : fallback;
            FolderCheck.ofSystem()
                    .whyNot(folder)
                    .ifPresent(reason -> problems.error(root.at("data"), "data: " + folder + " " + reason));
            return folder;
        } catch (InvalidPathException e) {
            problems.error(root.at("data"), "data: expected a folder, but " + e.getReason());
            return fallback;
        }
    }
}
